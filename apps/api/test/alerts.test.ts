import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pointersOf, register, startTestApi, type Client, type MonitorBody, type TestApi } from './test-api.ts';

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

const idsOf = async (url: string) => (await client.send<{ items: AlertBody[] }>('GET', url)).body.items.map((alert) => alert.id);

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
    });
    expect(second.body).toEqual(first.body);
    const { items } = (await client.send<{ items: AlertBody[] }>('GET', '/v1/alerts?state=resolved')).body;
    expect(items.find((alert) => alert.id === id)).toEqual(first.body);
  });
});
