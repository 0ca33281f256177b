import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeCheckResults } from '@gomon/persistence/pipeline';
import {
  addAlert,
  PASSWORD,
  readRow,
  register,
  send,
  startTestApi,
  type Client,
  type MonitorBody,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
let client: Client;
let url: string;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}/v1/events`;
});
afterAll(() => api.stop());

interface Stream {
  readonly response: Response;
  /** What has come, once it holds this; throws when the stream ends before. */
  until(text: string): Promise<string>;
  close(): void;
}

async function listen(who: Pick<Client, 'token'>): Promise<Stream> {
  const controller = new AbortController();
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${who.token}` },
    signal: controller.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  return {
    response,
    async until(text) {
      while (!seen.includes(text)) {
        const part = await reader?.read();
        if (!part || part.done) throw new Error(`ended after: ${seen}`);
        seen += part.value;
      }
      return seen;
    },
    close: () => controller.abort(),
  };
}

async function store(monitor: MonitorBody, secondsAgo: number): Promise<number> {
  const { shard } = await readRow(api, monitor);
  const slot = Math.floor(Date.now() / 1000) - secondsAgo;
  const result = {
    monitorId: monitor.id,
    slot,
    outcome: 'success',
    statusCode: 200,
    reason: null,
    durationMs: 5,
  } as const;
  await api.sql.query(`UPDATE monitors SET created_at = now() - interval '1 hour' WHERE id = $1`, [
    monitor.id,
  ]);
  await storeCheckResults(api.db, [{ ...result, shard, checkedAt: slot * 1000 }], 30);
  return slot;
}

test('listeners get new checks, and alerts that open, are acknowledged and resolve', async () => {
  const monitor = await register(client);
  await store(monitor, 30);
  const stream = await listen(client);
  expect(stream.response.status).toBe(200);
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
  expect(await stream.until('\n\n')).toMatch(/^:/);
  const slot = await store(monitor, 10);
  const check = { monitorId: monitor.id, slot: new Date(slot * 1000), outcome: 'success' };
  expect(await stream.until('event: check')).toContain(
    `event: check\ndata: ${JSON.stringify(check)}\n\n`,
  );
  const alertId = await addAlert(api, monitor, client.userId);
  const alert = (state: string) =>
    `event: alert\ndata: ${JSON.stringify({ alertId, monitorId: monitor.id, state })}\n\n`;
  await stream.until(alert('open'));
  await client.send('POST', `/v1/alerts/${alertId}/acknowledge`);
  await stream.until(alert('acknowledged'));
  await api.sql.query('UPDATE alerts SET resolved_at = now() WHERE id = $1', [alertId]);
  const all = await stream.until(alert('resolved'));
  expect(all.match(/^event: /gm)).toHaveLength(4);
  stream.close();
});

test('listeners learn that a monitor becomes stale, although nothing is written, and that it recovers', async () => {
  const owner = await api.signUp();
  const monitor = await register(owner);
  await store(monitor, 300);
  const stream = await listen(owner);
  await stream.until('\n\n');
  await api.sql.query(
    `UPDATE monitors SET active_since = now() - interval '1 hour' WHERE id = $1`,
    [monitor.id],
  );
  const stale = (is: boolean) =>
    `event: stale\ndata: ${JSON.stringify({ monitorId: monitor.id, stale: is })}\n\n`;
  await stream.until(stale(true));
  await store(monitor, 10);
  const all = await stream.until(stale(false));
  expect(all.match(/^event: /gm)).toHaveLength(3);
  stream.close();
});

test('users get only their own events', async () => {
  const stranger = await api.signUp();
  const monitor = await register(client);
  const own = await register(stranger);
  const stream = await listen(stranger);
  await stream.until('\n\n');
  await addAlert(api, monitor, client.userId);
  await store(monitor, 5);
  await store(own, 5);
  const seen = await stream.until('event: ');
  expect(seen).toContain(own.id);
  expect(seen).not.toContain(monitor.id);
  stream.close();
});

test('a user may listen twenty times at once, and again when one of them has left', async () => {
  const user = await api.signUp();
  const streams = await Promise.all(Array.from({ length: 20 }, () => listen(user)));
  const refused = await listen(user);
  expect(refused.response.status).toBe(403);
  expect(await refused.until('stream_limit_reached')).toContain('urn:gomon:stream_limit_reached');
  streams[0]?.close();
  refused.close();
  let again = await listen(user);
  for (let i = 0; i < 100 && again.response.status === 403; i++) {
    again.close();
    again = await listen(user);
  }
  expect(again.response.status).toBe(200);
  for (const stream of [...streams, again]) stream.close();
});

describe('a stream ends with its session or API key, and sends nothing more', () => {
  /** What else the user holds, and how it ends. */
  const ENDS: Record<
    string,
    (user: Client) => Promise<{ token: string; end: () => Promise<unknown> }>
  > = {
    'a session that logs out': async ({ userId }) => {
      const token = await logIn(userId);
      return { token, end: () => ask('DELETE', '/v1/sessions/current', token) };
    },
    'a session before another password': async (user) => {
      const change = { currentPassword: PASSWORD, password: 'another battery staple' };
      return {
        token: await logIn(user.userId),
        end: () => user.send('PATCH', '/v1/users/me', change),
      };
    },
    'an API key that is removed': async (user) => {
      const { body } = await user.send<{ id: string; key: string }>('POST', '/v1/api-keys', {
        name: 'ends',
      });
      return { token: body.key, end: () => user.send('DELETE', `/v1/api-keys/${body.id}`) };
    },
    'an API key that expires': async (user) => {
      const { body } = await user.send<{ id: string; key: string }>('POST', '/v1/api-keys', {
        name: 'expires',
      });
      const expire = () =>
        api.sql.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [body.id]);
      return { token: body.key, end: expire };
    },
  };
  const ask = (method: 'DELETE', path: string, token: string) =>
    send(api.app, { method, url: path, headers: { authorization: `Bearer ${token}` } });
  const logIn = async (ownerId: string) => {
    const { rows } = await api.sql.query<{ username: string }>(
      'SELECT username FROM users WHERE id = $1',
      [ownerId],
    );
    const payload = { username: rows[0]?.username, password: PASSWORD };
    return (
      await send<{ token: string }>(api.app, { method: 'POST', url: '/v1/sessions', payload })
    ).body.token;
  };

  test.each(Object.entries(ENDS))('%s', async (_what, open) => {
    const user = await api.signUp();
    const monitor = await register(user);
    const { token, end } = await open(user);
    const [lasting, ending] = await Promise.all([listen(user), listen({ token })]);
    await Promise.all([lasting.until('\n\n'), ending.until('\n\n')]);
    await end();
    await store(monitor, 5);
    await lasting.until('event: check');
    await expect(ending.until('event: ')).rejects.toThrow('ended after');
    lasting.close();
  });
});

test('streams end when the API does', async () => {
  const other = await startTestApi();
  const user = await other.signUp();
  await other.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = other.app.server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/v1/events`, {
    headers: { authorization: `Bearer ${user.token}` },
  });
  const [text] = await Promise.all([response.text(), other.stop()]);
  expect(text).not.toContain('event:');
});
