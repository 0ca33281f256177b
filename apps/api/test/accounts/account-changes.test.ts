import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  PASSWORD,
  pointersOf,
  register,
  send,
  startTestApi,
  type Client,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const signUp = (payload: unknown) =>
  send(api.app, { method: 'POST', url: '/v1/users', payload: payload as object });

let lastAddress = 0;
/** Each time from another address: one that fails too often has to wait. */
const logIn = (payload: unknown) =>
  send(api.app, {
    method: 'POST',
    url: '/v1/sessions',
    payload: payload as object,
    remoteAddress: `127.0.1.${(lastAddress += 1)}`,
  });

describe('changing an account', () => {
  const NEXT = 'another passphrase';
  const nameOf = async (client: Client) =>
    String((await client.send('GET', '/v1/users/me')).body['username']);
  const change = (client: Client, body: object) =>
    client.send('PATCH', '/v1/users/me', { currentPassword: PASSWORD, ...body });

  test('gives it another password, and ends all sessions but the one that did it', async () => {
    const client = await api.signUp();
    const username = await nameOf(client);
    const other = String((await logIn({ username, password: PASSWORD })).body['token']);
    const answer = await change(client, { password: NEXT });
    expect(answer).toMatchObject({
      status: 200,
      body: { id: client.userId, username, monitorCount: 0, monitorLimit: 20 },
    });
    const me = await send(api.app, {
      url: '/v1/users/me',
      headers: { authorization: `Bearer ${other}` },
    });
    expect(me.status).toBe(401);
    expect((await client.send('GET', '/v1/users/me')).status).toBe(200);
    expect((await logIn({ username, password: PASSWORD })).status).toBe(401);
    expect((await logIn({ username, password: NEXT })).status).toBe(201);
  });

  test('changes its name, even only in case, and keeps the sessions', async () => {
    const client = await api.signUp();
    const username = await nameOf(client);
    const other = String((await logIn({ username, password: PASSWORD })).body['token']);
    expect((await change(client, { username: username.toUpperCase() })).body['username']).toBe(
      username.toUpperCase(),
    );
    expect((await change(client, { username: `new-${username.slice(0, 20)}` })).status).toBe(200);
    expect(
      (await send(api.app, { url: '/v1/users/me', headers: { authorization: `Bearer ${other}` } }))
        .status,
    ).toBe(200);
    expect((await logIn({ username, password: PASSWORD })).status).toBe(401);
  });

  test('needs the current password, and changes nothing without it', async () => {
    const client = await api.signUp();
    const username = await nameOf(client);
    const wrong = await change(client, {
      currentPassword: 'wrong password',
      username: 'taken-over',
      password: NEXT,
    });
    expect(wrong).toMatchObject({ status: 403, body: { code: 'wrong_password' } });
    expect(pointersOf(await client.send('PATCH', '/v1/users/me', { password: NEXT }))).toEqual([
      '/currentPassword',
    ]);
    expect(await nameOf(client)).toBe(username);
    expect((await logIn({ username, password: PASSWORD })).status).toBe(201);
  });

  test('refuses a password equal to the name, and a name equal to the password, in any case', async () => {
    const client = await api.signUp();
    const username = await nameOf(client);
    const refused = (pointer: string) => ({ status: 400, body: { errors: [{ pointer }] } });
    expect(await change(client, { password: username.toUpperCase() })).toMatchObject(
      refused('/password'),
    );
    expect(await change(client, { username: 'new.name', password: 'New.Name' })).toMatchObject(
      refused('/password'),
    );
    await change(client, { password: 'plain.passphrase' });
    const body = { currentPassword: 'plain.passphrase', username: 'Plain.Passphrase' };
    expect(await client.send('PATCH', '/v1/users/me', body)).toMatchObject(refused('/username'));
    expect(await nameOf(client)).toBe(username);
  });

  test('refuses what signing up refuses', async () => {
    const client = await api.signUp();
    await signUp({ username: 'linus', password: PASSWORD });
    expect(await change(client, { username: 'LINUS', password: NEXT })).toMatchObject({
      status: 409,
      body: { code: 'username_taken' },
    });
    expect(
      pointersOf(await change(client, { username: 'a b', password: 'short', id: 'x' })),
    ).toEqual(['/id', '/password', '/username']);
    expect(pointersOf(await change(client, { password: 'Password1' }))).toEqual(['/password']);
    expect((await logIn({ username: await nameOf(client), password: PASSWORD })).status).toBe(201);
  });

  test('is throttled by the session after five wrong passwords', async () => {
    const client = await api.signUp();
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) {
      const request =
        n % 2
          ? client.send('DELETE', '/v1/users/me', { currentPassword: 'wrong' })
          : change(client, { currentPassword: 'wrong' });
      statuses.push((await request).status);
    }
    expect(statuses).toEqual([403, 403, 403, 403, 403]);
    await api.sql.query(
      `UPDATE login_throttles SET retry_at = retry_at + interval '1 hour' WHERE retry_at > counted_at`,
    );
    const refused = await change(client, { password: NEXT });
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(refused.headers['retry-after']).toMatch(/^3[56]\d\d$/);
    expect((await logIn({ username: await nameOf(client), password: PASSWORD })).status).toBe(201);
  });

  test('by two at once lets one password win', async () => {
    const client = await api.signUp();
    const username = await nameOf(client);
    const answers = await Promise.all([
      change(client, { password: 'passphrase one' }),
      change(client, { password: 'passphrase two' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    const logins = await Promise.all(
      ['passphrase one', 'passphrase two'].map((password) => logIn({ username, password })),
    );
    expect(logins.map(({ status }) => status)).toEqual(
      answers.map(({ status }) => (status === 200 ? 201 : 401)),
    );
  });
});

describe('removing an account', () => {
  test('needs the current password', async () => {
    const client = await api.signUp();
    expect(
      (await client.send('DELETE', '/v1/users/me', { currentPassword: 'wrong password' })).status,
    ).toBe(403);
    expect((await client.send('DELETE', '/v1/users/me')).status).toBe(400);
    expect((await client.send('GET', '/v1/users/me')).status).toBe(200);
  });

  test('deletes everything in it, ends its sessions and keys, and frees its name', async () => {
    const [client, neighbour] = [await api.signUp(), await api.signUp()];
    const username = String((await client.send('GET', '/v1/users/me')).body['username']);
    const key = String((await client.send('POST', '/v1/api-keys', { name: 'a key' })).body['key']);
    const monitors = [await register(client), await register(client), await register(neighbour)];
    const tables = [
      'users',
      'sessions',
      'api_keys',
      'known_networks',
      'monitors',
      'alerts',
      'channels',
      'monitor_channels',
      'notifications',
    ];
    for (const { id } of monitors) {
      await api.sql.query(
        `WITH monitor AS (SELECT id, user_id FROM monitors WHERE id = $1),
              alert AS (INSERT INTO alerts (id, monitor_id, user_id, opened_at, failures, threshold, window_seconds)
                        SELECT gen_random_uuid(), id, user_id, date_trunc('second', now()), 3, 2, 300 FROM monitor RETURNING id, user_id),
              channel AS (INSERT INTO channels (id, user_id, kind, name, settings)
                          SELECT gen_random_uuid(), user_id, 'webhook', id::text, '{}' FROM monitor RETURNING id),
              link AS (INSERT INTO monitor_channels SELECT monitor.id, channel.id FROM monitor, channel)
         INSERT INTO notifications (id, alert_id, channel_id, transition)
         SELECT gen_random_uuid(), alert.id, channel.id, 'opened' FROM alert, channel`,
        [id],
      );
    }
    const countAll = async () => {
      const counts: Record<string, number> = {};
      for (const table of tables)
        counts[table] = (await api.sql.query(`SELECT FROM ${table}`)).rowCount ?? 0;
      return counts;
    };
    const before = await countAll();
    expect(
      await client.send('DELETE', '/v1/users/me', { currentPassword: PASSWORD }),
    ).toMatchObject({ status: 204, text: '' });
    const after = await countAll();
    const removed = Object.fromEntries(
      tables.map((table) => [table, (before[table] ?? 0) - (after[table] ?? 0)]),
    );
    expect(removed).toEqual({
      users: 1,
      sessions: 1,
      api_keys: 1,
      known_networks: 1,
      monitors: 2,
      alerts: 2,
      channels: 2,
      monitor_channels: 2,
      notifications: 2,
    });
    for (const credential of [client.token, key]) {
      const answer = await send(api.app, {
        url: '/v1/users/me',
        headers: { authorization: `Bearer ${credential}` },
      });
      expect(answer.status).toBe(401);
    }
    expect((await neighbour.send('GET', `/v1/monitors/${monitors[2]?.id}`)).status).toBe(200);
    const successor = await signUp({ username, password: PASSWORD });
    expect(successor.status).toBe(201);
    const { body } = await logIn({ username, password: PASSWORD });
    const stats = await send(api.app, {
      url: `/v1/monitors/${monitors[0]?.id}/checks`,
      headers: { authorization: `Bearer ${String(body['token'])}` },
    });
    expect(stats.status).toBe(404);
  });
});
