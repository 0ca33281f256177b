import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pointersOf, register, startTestApi, type Client, type TestApi } from '../test-api.ts';

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  client = await api.signUp();
});

const ago = (seconds: number) =>
  new Date(Math.floor(Date.now() / 1000 - seconds) * 1000).toISOString();
const spansOf = async (id: unknown) =>
  (
    await api.sql.query<{ from_at: Date }>(
      'SELECT * FROM maintenance_spans WHERE window_id = $1 ORDER BY from_at',
      [id],
    )
  ).rows;

test('a window is made, read, listed, changed and removed', async () => {
  const monitor = await register(client);
  const body = { name: 'Backups', monitorId: monitor.id, startsAt: ago(60), durationSeconds: 3600 };
  const made = await client.send('POST', '/v1/maintenance-windows', body);
  expect(made).toMatchObject({
    status: 201,
    body: { ...body, rrule: null, timeZone: 'UTC', active: true },
  });
  const url = String(made.headers['location']);
  expect((await client.send('GET', url)).body).toEqual(made.body);
  expect((await client.send('GET', '/v1/maintenance-windows')).body).toEqual({
    items: [made.body],
    nextCursor: null,
  });
  const etag = { 'if-match': String(made.headers['etag']) };
  const changed = await client.send('PATCH', url, { startsAt: ago(-60), monitorId: null }, etag);
  expect(changed.body).toMatchObject({ name: 'Backups', monitorId: null, active: false });
  expect((await client.send('PATCH', url, {}, etag)).status).toBe(412);
  expect((await client.send('DELETE', url)).status).toBe(204);
  expect((await client.send('GET', url)).status).toBe(404);
});

test('a window that recurs has its spans for the week to come', async () => {
  const body = {
    name: 'Nights',
    startsAt: ago(3 * 86_400),
    durationSeconds: 3600,
    rrule: 'FREQ=DAILY',
    timeZone: 'Europe/Vienna',
  };
  const { body: made } = await client.send('POST', '/v1/maintenance-windows', body);
  expect((await spansOf(made['id'])).length).toBeGreaterThanOrEqual(10);
  await client.send('PATCH', `/v1/maintenance-windows/${String(made['id'])}`, { rrule: null });
  expect(await spansOf(made['id'])).toHaveLength(1);
});

test('a window of every hour that began a month ago has all of its spans up to a week ahead', async () => {
  const body = {
    name: 'Hours',
    startsAt: ago(30.5 * 86_400),
    durationSeconds: 604_800,
    rrule: 'FREQ=HOURLY',
  };
  const { body: made } = await client.send('POST', '/v1/maintenance-windows', body);
  const url = `/v1/maintenance-windows/${String(made['id'])}`;
  await api.sql.query(
    "UPDATE maintenance_windows SET starts_at = starts_at - interval '90 days' WHERE id = $1",
    [made['id']],
  );
  expect((await client.send('PATCH', url, { name: 'Every hour' })).status).toBe(200);
  const spans = await spansOf(made['id']);
  expect(spans.length).toBeGreaterThan(1100);
  expect(spans.at(-1)?.from_at.getTime()).toBeGreaterThan(Date.now() + 7 * 86_400_000);
});

test('a window that began long ago is changed, but for its start, and keeps its spans', async () => {
  const body = {
    name: 'Nights',
    startsAt: ago(3 * 86_400),
    durationSeconds: 3600,
    rrule: 'FREQ=DAILY',
  };
  const { body: made } = await client.send('POST', '/v1/maintenance-windows', body);
  const url = `/v1/maintenance-windows/${String(made['id'])}`;
  const { rowCount } = await api.sql.query(
    "UPDATE maintenance_windows SET starts_at = starts_at - interval '90 days' WHERE id = $1",
    [made['id']],
  );
  expect(rowCount).toBe(1);
  expect(await client.send('PATCH', url, { name: 'Every night' })).toMatchObject({
    status: 200,
    body: { name: 'Every night' },
  });
  const spans = await spansOf(made['id']);
  expect(spans.length).toBeGreaterThanOrEqual(39);
  expect(spans.length).toBeLessThanOrEqual(41);
  expect(pointersOf(await client.send('PATCH', url, { startsAt: ago(80 * 86_400) }))).toEqual([
    '/startsAt',
  ]);
});

test.each([
  [{ rrule: 'FREQ=MINUTELY' }, '/rrule'],
  [{ rrule: 'nonsense' }, '/rrule'],
  [{ rrule: 'FREQ=HOURLY;BYMINUTE=0,30' }, '/rrule'],
  [{ rrule: 'FREQ=DAILY;COUNT=100000' }, '/rrule'],
  [{ timeZone: 'Nowhere/Town' }, '/timeZone'],
  [{ startsAt: '2001-01-01T00:00:00Z' }, '/startsAt'],
  [{ durationSeconds: 10 }, '/durationSeconds'],
  [{ monitorId: randomUUID() }, '/monitorId'],
])('a window with %j is refused with the location', async (wrong, pointer) => {
  const body = { name: 'x', startsAt: ago(0), durationSeconds: 3600, ...wrong };
  const answer = await client.send('POST', '/v1/maintenance-windows', body);
  expect(answer.status).toBe(400);
  expect(pointersOf(answer)).toEqual([pointer]);
});

test.each(['POST', 'PATCH'] as const)(
  "a window cannot be set for another user's monitor by %s",
  async (method) => {
    const foreign = await register(await api.signUp());
    const body = { name: 'x', startsAt: ago(0), durationSeconds: 3600 };
    const { headers } = await client.send('POST', '/v1/maintenance-windows', body);
    const url = method === 'POST' ? '/v1/maintenance-windows' : String(headers['location']);
    const answer = await client.send(method, url, { ...body, monitorId: foreign.id });
    expect(pointersOf(answer)).toEqual(['/monitorId']);
  },
);
