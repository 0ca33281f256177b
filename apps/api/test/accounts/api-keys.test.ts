import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import {
  PASSWORD,
  pointersOf,
  register,
  send,
  startTestApi,
  type Client,
  type TestApi,
} from '../test-api.ts';

interface NewKey {
  readonly id: string;
  readonly key: string;
  readonly prefix: string;
  readonly scopes: string[];
  readonly lastUsedAt: string | null;
}

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
});
afterAll(() => api.stop());

async function makeKey(settings: Record<string, unknown> = {}, owner = client): Promise<NewKey> {
  const { status, body, text } = await owner.send<NewKey>('POST', '/v1/api-keys', {
    name: 'a key',
    ...settings,
  });
  if (status !== 201) throw new Error(text);
  return body;
}

const withKey = (key: string, method: InjectOptions['method'], url: string, payload?: object) =>
  send<Record<string, unknown>>(api.app, {
    method,
    url,
    headers: { authorization: `Bearer ${key}` },
    ...(payload && { payload }),
  });

const listed = async (id: string) =>
  (await client.send<{ items: NewKey[] }>('GET', '/v1/api-keys?limit=200')).body.items.find(
    (key) => key.id === id,
  );

describe('an API key', () => {
  test('is shown once when created, and only its hash is stored', async () => {
    const { key, ...shown } = await makeKey({ name: 'deployment' });
    expect(key).toMatch(/^gomon_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}$/);
    expect(shown).toEqual({
      id: expect.any(String),
      name: 'deployment',
      prefix: key.slice(0, 14),
      scopes: ['read'],
      createdAt: expect.stringMatching(/Z$/),
      expiresAt: null,
      lastUsedAt: null,
    });
    const list = await client.send('GET', '/v1/api-keys');
    expect(list.body['items']).toContainEqual(shown);
    expect(list.text).not.toContain(key);
    const { rows } = await api.sql.query<{ key_hash: Buffer; text: string }>(
      'SELECT key_hash, k::text AS text FROM api_keys k WHERE id = $1',
      [shown.id],
    );
    expect(rows[0]?.key_hash).toEqual(createHash('sha256').update(key).digest());
    expect(rows[0]?.text).not.toContain(key.slice(15));
  });

  test('is another one each time', async () => {
    const keys = await Promise.all([makeKey(), makeKey(), makeKey()]);
    expect(new Set(keys.map(({ key }) => key)).size).toBe(3);
  });

  test('acts for its owner within its scopes', async () => {
    const { key } = await makeKey({ scopes: ['read'] });
    const monitor = await register(client);
    expect((await withKey(key, 'GET', '/v1/users/me')).body['id']).toBe(client.userId);
    expect((await withKey(key, 'GET', `/v1/monitors/${monitor.id}`)).status).toBe(200);
    expect((await withKey(key, 'HEAD', `/v1/monitors/${monitor.id}`)).status).toBe(200);
    const other = await register(await api.signUp());
    expect((await withKey(key, 'GET', `/v1/monitors/${other.id}`)).status).toBe(404);
  });

  test('that may only ask changes nothing', async () => {
    const { key } = await makeKey({ scopes: ['read'] });
    const monitor = await register(client);
    const url = `/v1/monitors/${monitor.id}`;
    const answers = await Promise.all([
      withKey(key, 'POST', '/v1/monitors', {
        name: 'by a key',
        url: 'https://example.com/',
        threshold: 1,
      }),
      withKey(key, 'PATCH', url, { paused: true }),
      withKey(key, 'DELETE', url),
      withKey(key, 'POST', `${url}/check`),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'insufficient_scope' },
        headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
      });
    }
    expect((await client.send('GET', url)).body).toMatchObject({ paused: false });
  });

  test('that may write may ask as well', async () => {
    const { key } = await makeKey({ scopes: ['write'] });
    const settings = { name: 'by a key', url: 'https://example.com/', threshold: 1 };
    const { status, body } = await withKey(key, 'POST', '/v1/monitors', settings);
    expect(status).toBe(201);
    expect((await withKey(key, 'GET', `/v1/monitors/${String(body['id'])}`)).status).toBe(200);
    expect((await withKey(key, 'DELETE', `/v1/monitors/${String(body['id'])}`)).status).toBe(204);
  });

  test('cannot make, see or remove keys, nor touch the account or its sessions', async () => {
    const { key, id } = await makeKey({ scopes: ['read', 'write'] });
    const answers = await Promise.all([
      withKey(key, 'POST', '/v1/api-keys', { name: 'another' }),
      withKey(key, 'GET', '/v1/api-keys'),
      withKey(key, 'DELETE', `/v1/api-keys/${id}`),
      withKey(key, 'PATCH', '/v1/users/me', {
        currentPassword: PASSWORD,
        password: 'another passphrase',
      }),
      withKey(key, 'DELETE', '/v1/users/me', { currentPassword: PASSWORD }),
      withKey(key, 'DELETE', '/v1/sessions/current'),
    ]);
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual(
      Array(6).fill([403, 'insufficient_scope']),
    );
    expect((await client.send('GET', '/v1/users/me')).status).toBe(200);
  });

  test('is good until it expires', async () => {
    const { key, id } = await makeKey({
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect((await withKey(key, 'GET', '/v1/users/me')).status).toBe(200);
    await api.sql.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [id]);
    expect((await withKey(key, 'GET', '/v1/users/me')).status).toBe(401);
  });

  test('is valid until it or its owner is removed', async () => {
    const [removed, orphaned] = [await makeKey(), await makeKey({}, await api.signUp())];
    expect(await client.send('DELETE', `/v1/api-keys/${removed.id}`)).toMatchObject({
      status: 204,
      text: '',
    });
    expect((await client.send('DELETE', `/v1/api-keys/${removed.id}`)).status).toBe(404);
    await api.sql.query(
      'DELETE FROM users WHERE id = (SELECT user_id FROM api_keys WHERE id = $1)',
      [orphaned.id],
    );
    for (const { key } of [removed, orphaned])
      expect((await withKey(key, 'GET', '/v1/users/me')).status).toBe(401);
  });

  test('is refused like an invalid token when any character differs', async () => {
    const { key } = await makeKey();
    const none = await send(api.app, { method: 'GET', url: '/v1/users/me' });
    const altered = [...key].map(
      (character, i) => `${key.slice(0, i)}${character === 'x' ? 'y' : 'x'}${key.slice(i + 1)}`,
    );
    for (const text of [
      ...altered,
      key.slice(0, -1),
      `${key}x`,
      key.toUpperCase(),
      key.slice(0, 14),
    ]) {
      const answer = await withKey(text, 'GET', '/v1/users/me');
      expect({ text, status: answer.status, body: answer.text }).toEqual({
        text,
        status: 401,
        body: none.text,
      });
    }
  });

  test('is invisible to other users', async () => {
    const { id } = await makeKey();
    expect((await (await api.signUp()).send('DELETE', `/v1/api-keys/${id}`)).status).toBe(404);
    expect(await listed(id)).toBeDefined();
  });
});

describe('the last use of a key', () => {
  test('records its use once a minute, and only with the whole key', async () => {
    const { key, id } = await makeKey();
    await withKey(`${key.slice(0, -1)}${key.endsWith('x') ? 'y' : 'x'}`, 'GET', '/v1/users/me');
    expect(await listed(id)).toMatchObject({ lastUsedAt: null });
    await withKey(key, 'GET', '/v1/users/me');
    const first = (await listed(id))?.lastUsedAt;
    expect(Date.parse(first ?? '')).toBeGreaterThan(Date.now() - 60_000);
    await withKey(key, 'GET', '/v1/users/me');
    expect(await listed(id)).toMatchObject({ lastUsedAt: first });
    await api.sql.query(
      `UPDATE api_keys SET last_used_at = now() - interval '61 seconds' WHERE id = $1`,
      [id],
    );
    await withKey(key, 'GET', '/v1/users/me');
    expect(Date.parse((await listed(id))?.lastUsedAt ?? '')).toBeGreaterThanOrEqual(
      Date.parse(first ?? ''),
    );
  });

  test('skips recording its use while the row is locked', async () => {
    const { key, id } = await makeKey();
    await api.sql.query('BEGIN');
    await api.sql.query('SELECT FROM api_keys WHERE id = $1 FOR UPDATE', [id]);
    expect((await withKey(key, 'GET', '/v1/users/me')).status).toBe(200);
    await api.sql.query('ROLLBACK');
    expect(await listed(id)).toMatchObject({ lastUsedAt: null });
  });
});

describe('making a key', () => {
  test.each([
    [{ name: '' }, '/name'],
    [{ name: 'x'.repeat(101) }, '/name'],
    [{ name: 'two\nlines' }, '/name'],
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['read', 'read'] }, '/scopes'],
    [{ scopes: ['admin'] }, '/scopes/0'],
    [{ scopes: 'read' }, '/scopes'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ expiresAt: 'tomorrow' }, '/expiresAt'],
    [{ expiresAt: 4_000_000_000 }, '/expiresAt'],
    [{ userId: 'x' }, '/userId'],
  ])('refuses %j', async (settings, pointer) => {
    const answer = await client.send('POST', '/v1/api-keys', { name: 'a key', ...settings });
    expect(answer.status).toBe(400);
    expect(pointersOf(answer)).toEqual([pointer]);
  });

  test('stops at a hundred, however many are made at once', async () => {
    const owner = await api.signUp();
    await api.sql.query(
      `INSERT INTO api_keys (id, user_id, name, prefix, key_hash, scopes)
       SELECT gen_random_uuid(), $1, 'n', 'gomon_' || n, sha256(n::text::bytea), '{read}' FROM generate_series(1, 98) n`,
      [owner.userId],
    );
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => owner.send('POST', '/v1/api-keys', { name: 'n' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 403, 403, 403, 403]);
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({
      code: 'api_key_limit_reached',
    });
    const pages = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor && `&cursor=${cursor}`;
      const { body } = await owner.send<{ items: NewKey[]; nextCursor: string | null }>(
        'GET',
        `/v1/api-keys?limit=40${query}`,
      );
      pages.push(body.items.length);
      cursor = body.nextCursor;
    }
    expect(pages).toEqual([40, 40, 20]);
  });
});
