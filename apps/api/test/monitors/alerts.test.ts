import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addAlert as addAlertOf,
  pointersOf,
  readRow,
  register,
  startTestApi,
  type Client,
  type MonitorBody,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
let client: Client;
let monitor: MonitorBody;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
  monitor = await register(client);
});
afterAll(() => api.stop());

interface AlertBody {
  readonly id: string;
  readonly acknowledgedAt: string | null;
}

async function addAlert(openedAt: string, resolvedAt: string | null): Promise<string> {
  const { rows } = await api.sql.query<{ id: string }>(
    `INSERT INTO alerts (id, monitor_id, user_id, opened_at, resolved_at, failures, threshold, window_seconds)
     VALUES (gen_random_uuid(), $1, $2, $3, $4, 3, 2, 300) RETURNING id`,
    [monitor.id, client.userId, openedAt, resolvedAt],
  );
  return rows[0]?.id ?? '';
}

const idsOf = async (url: string) =>
  (await client.send<{ items: AlertBody[] }>('GET', url)).body.items.map((alert) => alert.id);

describe('alerts', () => {
  test('are listed by state, of all monitors and of one', async () => {
    const old = await addAlert('2026-01-01T00:00:00Z', '2026-01-01T00:10:00Z');
    const open = await addAlert('2026-01-02T00:00:00Z', null);
    const other = await register(client);
    expect(await idsOf('/v1/alerts')).toEqual([open, old]);
    expect(await idsOf('/v1/alerts?state=open')).toEqual([open]);
    expect(await idsOf('/v1/alerts?state=resolved')).toEqual([old]);
    expect(await idsOf(`/v1/monitors/${monitor.id}/alerts?state=open`)).toEqual([open]);
    expect(await idsOf(`/v1/monitors/${other.id}/alerts`)).toEqual([]);
    expect(pointersOf(await client.send('GET', '/v1/alerts?state=closed'))).toEqual(['/state']);
  });

  test('say when they were seen first, however often they are acknowledged', async () => {
    const id = await addAlert('2026-01-03T00:00:00Z', '2026-01-03T00:05:00Z');
    const [first, second] = [
      await client.send<AlertBody>('POST', `/v1/alerts/${id}/acknowledge`),
      await client.send<AlertBody>('POST', `/v1/alerts/${id}/acknowledge`),
    ];
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      id,
      monitorId: monitor.id,
      openedAt: '2026-01-03T00:00:00.000Z',
      resolvedAt: '2026-01-03T00:05:00.000Z',
      acknowledgedAt: expect.stringMatching(/Z$/),
      failures: 3,
      threshold: 2,
      windowSeconds: 300,
      endedBy: null,
      openedBy: null,
      lastFailure: null,
    });
    expect(second.body).toEqual(first.body);
    const { items } = (
      await client.send<{ items: AlertBody[] }>('GET', '/v1/alerts?state=resolved')
    ).body;
    expect(items.find((alert) => alert.id === id)).toEqual(first.body);
  });
});

/** As a scheduler keeps it. */
const OPENED_BY = {
  slot: 1767225600,
  statusCode: null,
  reason: 'timeout',
  cause: 'timeout_connect',
  causeDetail: null,
};

describe('alerts of a monitor', () => {
  test('that are open show the check that failed last and the one that opened them', async () => {
    const client = await api.signUp();
    const own = await register(client);
    const { shard } = await readRow(api, own);
    const id = await addAlertOf(api, own, client.userId);
    await api.sql.query(
      `UPDATE alerts SET opened_by = $2, opened_at = now() - interval '10 seconds' WHERE id = $1`,
      [id, OPENED_BY],
    );
    await api.sql.query(
      `INSERT INTO checks (shard, monitor_id, slot, checked_at, outcome, reason, status_code)
       SELECT $1, $2, date_trunc('second', now()) - n * interval '1 second', now(), 'failure', 'http_status', 500 + n FROM generate_series(1, 3) n`,
      [shard, own.id],
    );
    const { items } = (
      await client.send<{ items: object[] }>('GET', `/v1/monitors/${own.id}/alerts`)
    ).body;
    expect(items).toMatchObject([
      {
        id,
        openedBy: {
          slot: '2026-01-01T00:00:00.000Z',
          reason: 'timeout',
          cause: 'timeout_connect',
          explanation: 'timed out connecting',
        },
        lastFailure: { slot: expect.any(String), statusCode: 501, reason: 'http_status' },
      },
    ]);
  });

  test.each([
    [
      'a change',
      (client: Client, own: MonitorBody) =>
        client.send('PATCH', `/v1/monitors/${own.id}`, { paused: true }),
    ],
    [
      'a change of many',
      (client: Client, own: MonitorBody) =>
        client.send('POST', '/v1/monitors/bulk', { action: 'pause', ids: [own.id] }),
    ],
  ])('end at once when their monitor is paused by %s', async (_, pause) => {
    const client = await api.signUp();
    const own = await register(client);
    const id = await addAlertOf(api, own, client.userId);
    expect((await pause(client, own)).status).toBe(200);
    const { items } = (
      await client.send<{ items: object[] }>('GET', `/v1/monitors/${own.id}/alerts`)
    ).body;
    expect(items).toMatchObject([{ id, endedBy: 'pause', resolvedAt: expect.any(String) }]);
    expect((await client.send('GET', `/v1/monitors/${own.id}`)).body).toMatchObject({
      state: { alerting: false },
    });
  });
});
