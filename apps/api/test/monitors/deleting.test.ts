import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { addNumberedMonitors, removeLeftovers } from '@gomon/persistence';
import { PASSWORD, register, startTestApi, type Client, type TestApi } from '../test-api.ts';

jest.setTimeout(120_000);

/** Of a monitor that flapped for weeks. */
const MANY = 100_000;
/** More than one statement deletes. */
const SOME = 250;

let api: TestApi;
let owner: Client;
beforeAll(async () => {
  api = await startTestApi({ MAX_MONITORS_PER_USER: '100000' });
});
afterAll(() => api.stop());

async function makeChannel(): Promise<string> {
  const settings = { url: 'https://example.com/' };
  const { body } = await owner.send<{ id: string }>('POST', '/v1/channels', {
    kind: 'webhook',
    name: 'hook',
    settings,
  });
  return body.id;
}

/** Alerts with two notifications each; the newest alert is open and waits to be sent. */
async function addHistory(monitorId: string, channelId: string, alerts: number): Promise<void> {
  await api.sql.query(
    `INSERT INTO alerts (id, user_id, monitor_id, opened_at, resolved_at, failures, threshold, window_seconds)
     SELECT gen_random_uuid(), user_id, id, now() - g * interval '60 seconds',
            CASE WHEN g > 1 THEN now() - g * interval '60 seconds' + interval '20 seconds' END, 1, 0, 60
     FROM monitors, generate_series(1, $2::int) g WHERE monitors.id = $1`,
    [monitorId, alerts],
  );
  await api.sql.query(
    `INSERT INTO notifications (id, channel_id, monitor_id, alert_id, transition, position, status, attempts, tries, delivered_at)
     SELECT gen_random_uuid(), $2, $1, a.id, p.t::alert_transition, p.i, CASE WHEN resolved_at IS NULL THEN 'pending' ELSE 'delivered' END::notification_status, 1, 1, now()
     FROM alerts a, (VALUES ('opened', 0), ('resolved', 1)) p (t, i) WHERE a.monitor_id = $1`,
    [monitorId, channelId],
  );
  await api.sql.query(
    `INSERT INTO notification_attempts (notification_id, number, started_at, duration_ms)
     SELECT id, 1, now(), 5 FROM notifications WHERE monitor_id = $1`,
    [monitorId],
  );
}

async function removeAll(): Promise<void> {
  while (await removeLeftovers(api.db));
}

async function left(): Promise<Record<string, number>> {
  const { rows } = await api.sql.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM alerts) AS alerts, (SELECT count(*)::int FROM notifications) AS notifications,
            (SELECT count(*)::int FROM notification_attempts) AS attempts`,
  );
  return rows[0] ?? {};
}

const NOTHING = { alerts: 0, notifications: 0, attempts: 0 };

const items = async (url: string) =>
  (await owner.send<{ items: unknown[] }>('GET', url)).body.items;

let channelId: string;
let monitorId: string;
beforeEach(async () => {
  await api.sql.query('TRUNCATE users, alerts, notifications, leftovers CASCADE');
  owner = await api.signUp();
  monitorId = (await register(owner, { name: 'site' })).id;
  channelId = await makeChannel();
});

test(`a monitor with ${MANY} alerts is deleted at once and out of sight at once`, async () => {
  await addHistory(monitorId, channelId, MANY);
  const { rows } = await api.sql.query<{ alert: string; delivery: string }>(
    `SELECT a.id AS alert, n.id AS delivery FROM alerts a JOIN notifications n ON n.alert_id = a.id WHERE resolved_at IS NULL LIMIT 1`,
  );
  expect((await owner.send('DELETE', `/v1/monitors/${monitorId}`)).status).toBe(204);
  expect((await left())['alerts']).toBe(MANY - 100);
  for (const url of [
    `/v1/monitors/${monitorId}`,
    `/v1/monitors/${monitorId}/alerts`,
    `/v1/deliveries/${rows[0]?.delivery}`,
  ])
    expect([url, (await owner.send('GET', url)).status]).toEqual([url, 404]);
  expect((await owner.send('POST', `/v1/alerts/${rows[0]?.alert}/acknowledge`)).status).toBe(404);
  expect((await owner.send('POST', `/v1/deliveries/${rows[0]?.delivery}/redeliver`)).status).toBe(
    404,
  );
  for (const url of [
    '/v1/monitors',
    '/v1/alerts',
    '/v1/alerts?state=open',
    `/v1/channels/${channelId}/deliveries`,
  ])
    expect([url, await items(url)]).toEqual([url, []]);
  expect(
    (await owner.send<{ monitorCount: number }>('GET', '/v1/users/me')).body.monitorCount,
  ).toBe(0);
  await register(owner, { name: 'site' });
  await removeLeftovers(api.db);
  expect(await left()).toEqual({
    alerts: MANY - 1100,
    notifications: 2 * MANY - 1100,
    attempts: 2 * MANY - 1100,
  });
});

describe('a backlog of more than one step', () => {
  beforeEach(() => addHistory(monitorId, channelId, SOME));

  test('of monitors deleted together is removed after them', async () => {
    const other = await register(owner, { name: 'other' });
    await addHistory(other.id, channelId, SOME);
    const answer = await owner.send('POST', '/v1/monitors/bulk', {
      action: 'delete',
      ids: [monitorId, other.id],
    });
    expect([answer.status, answer.body['done']]).toEqual([
      200,
      expect.arrayContaining([monitorId, other.id]),
    ]);
    expect((await left())['alerts']).toBe(2 * SOME - 100);
    await removeAll();
    expect(await left()).toEqual(NOTHING);
  });

  test('of a channel is removed after it, and alerts stay', async () => {
    expect((await owner.send('DELETE', `/v1/channels/${channelId}`)).status).toBe(204);
    expect((await owner.send('GET', `/v1/channels/${channelId}/deliveries`)).status).toBe(404);
    await makeChannel();
    await removeAll();
    expect(await left()).toEqual({ ...NOTHING, alerts: SOME });
  });

  test('of a user is removed after them, and they can no longer log in', async () => {
    const { rows } = await api.sql.query<{ username: string }>('SELECT username FROM users');
    expect((await owner.send('DELETE', '/v1/users/me', { currentPassword: PASSWORD })).status).toBe(
      204,
    );
    expect((await owner.send('GET', '/v1/users/me')).status).toBe(401);
    const login = { username: rows[0]?.username, password: PASSWORD };
    expect((await owner.send('POST', '/v1/sessions', login)).status).toBe(401);
    await removeAll();
    expect(await left()).toEqual(NOTHING);
  });

  test('for a disabled channel is dropped, even when the channel is enabled again', async () => {
    await api.sql.query(`UPDATE notifications SET status = 'pending', attempts = 0`);
    for (const enabled of [false, true])
      expect((await owner.send('PATCH', `/v1/channels/${channelId}`, { enabled })).status).toBe(
        200,
      );
    await removeAll();
    const { rows } = await api.sql.query('SELECT DISTINCT status FROM notifications');
    expect(rows).toEqual([{ status: 'dropped' }]);
  });

  test('for a disabled channel is dropped, except for ends of alerts it was notified of', async () => {
    await api.sql.query(`UPDATE notifications SET status = 'pending'`);
    expect(
      (await owner.send('PATCH', `/v1/channels/${channelId}`, { enabled: false })).status,
    ).toBe(200);
    await removeAll();
    const { rows } = await api.sql.query(
      'SELECT DISTINCT transition, status FROM notifications ORDER BY transition',
    );
    expect(rows).toEqual([
      { transition: 'opened', status: 'dropped' },
      { transition: 'resolved', status: 'pending' },
    ]);
  });
});

test('a user with thousands of monitors, each with channels and a badge, is deleted at once', async () => {
  const population = {
    ownerId: owner.userId,
    name: 'm',
    url: 'https://example.com/',
    intervalSeconds: 60,
    threshold: 1,
    shardCount: 4,
  };
  await addNumberedMonitors(api.db, population, 1, 5000);
  await api.sql.query(
    'INSERT INTO monitor_channels (monitor_id, channel_id) SELECT id, $1 FROM monitors',
    [channelId],
  );
  await api.sql.query('INSERT INTO badges (monitor_id, token) SELECT id, id::text FROM monitors');
  expect((await owner.send('DELETE', '/v1/users/me', { currentPassword: PASSWORD })).status).toBe(
    204,
  );
  expect((await api.sql.query('SELECT FROM monitors')).rowCount).toBe(0);
});
