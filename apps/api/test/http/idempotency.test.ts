import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addAlert,
  pointersOf,
  register,
  startTestApi,
  type Answer,
  type Client,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi({ MAX_MONITORS_PER_USER: '1000' });
  client = await api.signUp();
});
afterAll(() => api.stop());

const newMonitor = () => ({
  name: `monitor ${randomUUID()}`,
  url: 'https://example.com/',
  threshold: 2,
});
const post = (key: string, body: object = newMonitor(), by = client) =>
  by.send('POST', '/v1/monitors', body, { 'idempotency-key': key });

async function countOf(name: string): Promise<number> {
  return (await api.sql.query('SELECT FROM monitors WHERE name = $1', [name])).rowCount ?? 0;
}

/** All that a repeated request must get again. */
const essence = ({ status, text, headers }: Answer) => ({
  status,
  text,
  ...Object.fromEntries(['location', 'etag', 'content-type'].map((name) => [name, headers[name]])),
});

describe('a key', () => {
  test('gives the same request the same answer, and creates nothing twice', async () => {
    const key = randomUUID();
    const body = newMonitor();
    const first = await post(key, body);
    expect(first).toMatchObject({
      status: 201,
      headers: { location: `/v1/monitors/${String(first.body['id'])}`, etag: '"1"' },
    });
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    await client.send('PATCH', String(first.headers['location']), { threshold: 4 });
    const second = await post(key, body);
    expect(essence(second)).toEqual(essence(first));
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(await countOf(body.name)).toBe(1);
  });

  test('does the work once when the same request comes many times at once', async () => {
    const key = randomUUID();
    const body = newMonitor();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(key, body)));
    expect(new Set(answers.map((answer) => JSON.stringify(essence(answer)))).size).toBe(1);
    expect(
      answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined),
    ).toHaveLength(1);
    expect(await countOf(body.name)).toBe(1);
  });

  test('is refused with another body, or another resource of the same route', async () => {
    const key = randomUUID();
    await post(key);
    const body = newMonitor();
    expect(await post(key, body)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await countOf(body.name)).toBe(0);
    const check = async () =>
      client.send('POST', `/v1/monitors/${(await register(client)).id}/check`, undefined, {
        'idempotency-key': key,
      });
    expect((await check()).status).toBe(202);
    expect((await check()).status).toBe(422);
  });

  test('is another one for another user and for another route', async () => {
    const key = randomUUID();
    const body = newMonitor();
    const { id } = (await post(key, body)).body;
    const others = await post(key, body, await api.signUp());
    expect(others.status).toBe(201);
    expect(others.body['id']).not.toBe(id);
    expect(
      await client.send('POST', `/v1/monitors/${String(id)}/check`, undefined, {
        'idempotency-key': key,
      }),
    ).toMatchObject({
      status: 202,
      headers: expect.not.objectContaining({ 'idempotent-replayed': 'true' }),
    });
  });

  test('is free again when the request failed', async () => {
    const key = randomUUID();
    const body = newMonitor();
    const { id } = await register(client, { name: body.name });
    expect((await post(key, body)).status).toBe(409);
    await client.send('DELETE', `/v1/monitors/${id}`);
    expect((await post(key, body)).status).toBe(201);
  });

  test('makes nothing when its answer cannot be kept', async () => {
    await api.sql
      .query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'full'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON idempotency_keys FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const key = randomUUID();
    const body = newMonitor();
    expect((await post(key, body)).status).toBe(500);
    expect(await countOf(body.name)).toBe(0);
    await api.sql.query('DROP FUNCTION refuse CASCADE');
    expect((await post(key, body)).status).toBe(201);
  });

  test('is forgotten after 24 hours, ten at a time', async () => {
    const [key, kept] = [randomUUID(), randomUUID()];
    const body = newMonitor();
    const first = await post(key, body);
    await post(kept);
    await client.send('DELETE', String(first.headers['location']));
    await api.sql.query(
      `UPDATE idempotency_keys SET created_at = now() - interval '24 hours' WHERE key = $1`,
      [key],
    );
    await api.sql.query(
      `UPDATE idempotency_keys SET created_at = now() - interval '23 hours 59 minutes' WHERE key = $1`,
      [kept],
    );
    await api.sql.query(
      `INSERT INTO idempotency_keys (user_id, route, key, created_at)
       SELECT $1, 'POST /old', number::text, now() - interval '2 days' FROM generate_series(1, 15) AS number`,
      [client.userId],
    );
    const second = await post(key, body);
    expect(second.status).toBe(201);
    expect(second.body['id']).not.toBe(first.body['id']);
    const left = await api.sql.query(
      `SELECT FROM idempotency_keys WHERE created_at < now() - interval '1 day'`,
    );
    expect(left.rowCount).toBe(5);
    expect((await post(kept, newMonitor())).status).toBe(422);
  });

  test.each(['', 'x'.repeat(256), 'a\tb'])('may not be %j', async (key) => {
    const answer = await post(key);
    expect(answer.status).toBe(400);
    expect(pointersOf(answer)).toEqual(['/idempotency-key']);
  });

  test('leaves the answer encrypted in the database, and goes with its user', async () => {
    const user = await api.signUp();
    await post('plain', { ...newMonitor(), name: 'marker' }, user);
    const rows = () =>
      api.sql.query<{ answer: string }>('SELECT * FROM idempotency_keys WHERE user_id = $1', [
        user.userId,
      ]);
    expect((await rows()).rows).toMatchObject([{ answer: expect.stringMatching(/^s\d\./) }]);
    expect(JSON.stringify((await rows()).rows)).not.toContain('marker');
    await api.sql.query('DELETE FROM users WHERE id = $1', [user.userId]);
    expect((await rows()).rowCount).toBe(0);
  });
});

describe('keys', () => {
  const fill = (userId: string, keys: number, answerLength: number) =>
    api.sql.query(
      `INSERT INTO idempotency_keys (user_id, route, key, answer, created_at)
       SELECT $1, 'POST /old', number::text, repeat('x', $3), now() - interval '23 hours' FROM generate_series(1, $2) AS number`,
      [userId, keys, answerLength],
    );
  const kept = async (userId: string) =>
    (await api.sql.query('SELECT FROM idempotency_keys WHERE user_id = $1', [userId])).rowCount;

  test.each([
    ['ten thousand', 9_999, 1],
    ['16 MiB of answers', 16, 1_048_451],
  ])(
    'are kept for a user up to %s, however many come at once; more is refused and does nothing',
    async (_limit, keys, length) => {
      const user = await api.signUp();
      await fill(user.userId, keys, length);
      const bodies = Array.from({ length: 5 }, newMonitor);
      const answers = await Promise.all(bodies.map((body) => post(body.name, body, user)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 429, 429, 429, 429]);
      const refused = answers.find(({ status }) => status === 429);
      expect(refused?.body).toMatchObject({ code: 'idempotency_limit_reached' });
      expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(3500);
      expect(Number(refused?.headers['retry-after'])).toBeLessThanOrEqual(3600);
      expect(await kept(user.userId)).toBe(keys + 1);
      const done = bodies.find((_body, index) => answers[index]?.status === 201);
      const names = bodies.map(({ name }) => name);
      const { rows } = await api.sql.query<{ name: string }>(
        'SELECT name FROM monitors WHERE name = ANY ($1)',
        [names],
      );
      expect(rows).toEqual([{ name: done?.name }]);
      expect((await post(done?.name ?? '', done, user)).headers['idempotent-replayed']).toBe(
        'true',
      );
    },
  );

  test('that have expired do not count, nor do those of other users', async () => {
    const [user, other] = [await api.signUp(), await api.signUp()];
    await fill(user.userId, 10_000, 1);
    expect((await post('one', newMonitor(), other)).status).toBe(201);
    expect((await post('one', newMonitor(), user)).status).toBe(429);
    await api.sql.query(
      `UPDATE idempotency_keys SET created_at = now() - interval '24 hours' WHERE user_id = $1 AND key = '1'`,
      [user.userId],
    );
    expect((await post('one', newMonitor(), user)).status).toBe(201);
  });
});

test('every POST of a user takes a key', async () => {
  const monitor = await register(client);
  const alert = await addAlert(api, monitor, client.userId);
  const webhook = { kind: 'webhook', name: 'first', settings: { url: 'https://hook.test/' } };
  const channel = await client.send<{ id: string }>('POST', '/v1/channels', webhook);
  const notification = randomUUID();
  await api.sql.query(
    `INSERT INTO notifications (id, channel_id, transition, status) VALUES ($1, $2, 'test', 'delivered')`,
    [notification, channel.body.id],
  );
  const mail = { kind: 'email', name: 'mail', settings: { to: ['a@b.test'] } };
  const { body: mailed } = await client.send<{ id: string }>('POST', '/v1/channels', mail);
  const { rows } = await api.sql.query<{ code: string }>(
    `SELECT content->'confirmation'->>'code' AS code FROM notifications WHERE channel_id = $1`,
    [mailed.id],
  );
  const page = await client.send<{ id: string }>('POST', '/v1/status-pages', {
    slug: `page-${randomUUID()}`,
    title: 'Page',
  });
  const requests: Record<string, [url: string, body?: object]> = {
    '/v1/api-keys': ['/v1/api-keys', { name: 'key' }],
    '/v1/channels': ['/v1/channels', { ...webhook, name: 'second' }],
    '/v1/channels/{id}/confirm': [`/v1/channels/${mailed.id}/confirm`, { code: rows[0]?.code }],
    '/v1/notifications/{id}/redeliver': [`/v1/notifications/${notification}/redeliver`],
    '/v1/maintenance-windows': [
      '/v1/maintenance-windows',
      { name: 'window', startsAt: '2030-01-01T00:00:00Z', durationSeconds: 3600 },
    ],
    '/v1/monitors': ['/v1/monitors', newMonitor()],
    '/v1/monitors/bulk': ['/v1/monitors/bulk', { action: 'pause', ids: [randomUUID()] }],
    '/v1/monitors/{id}/alert-preview': [
      `/v1/monitors/${monitor.id}/alert-preview`,
      { threshold: 1, windowSeconds: 300 },
    ],
    '/v1/status-pages': ['/v1/status-pages', { slug: `page-${randomUUID()}`, title: 'Page' }],
    '/v1/status-pages/{id}/messages': [
      `/v1/status-pages/${page.body.id}/messages`,
      { title: 'Notice', kind: 'notice' },
    ],
    '/v1/monitors/{id}/check': [`/v1/monitors/${monitor.id}/check`],
    '/v1/alerts/{id}/acknowledge': [`/v1/alerts/${alert}/acknowledge`],
  };
  const paths = Object.entries(api.app.swagger().paths ?? {}) as [
    string,
    { post?: { security?: object[] } },
  ][];
  const needsOthers = ['/v1/channels/{id}/test', '/v1/dry-runs', '/v1/probe-trials']; // Other tests cover them.
  const ofUsers = paths.filter(
    ([path, { post: operation }]) => operation?.security?.length && !needsOthers.includes(path),
  );
  expect(ofUsers.map(([path]) => path).sort()).toEqual(Object.keys(requests).sort());
  for (const [url, body] of Object.values(requests)) {
    const ask = () => client.send('POST', url, body, { 'idempotency-key': 'one for each route' });
    const first = await ask();
    const second = await ask();
    expect(String(first.status)).toMatch(/^20[012]$/);
    expect(essence(second)).toEqual(essence(first));
    expect({ url, replayed: second.headers['idempotent-replayed'] }).toEqual({
      url,
      replayed: 'true',
    });
  }
});
