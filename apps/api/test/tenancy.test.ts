import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addChannel, pointersOf, register, send, startTestApi, type Client, type TestApi } from './test-api.ts';

interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
}

let api: TestApi;
let stranger: Client;
let ids: Record<'monitors' | 'alerts', string>;
beforeAll(async () => {
  api = await startTestApi();
  const owner = await api.signUp();
  stranger = await api.signUp();
  const monitor = await register(owner, { headers: { 'x-a': 'b' } });
  const { rows } = await api.sql.query<{ id: string }>(
    `INSERT INTO alerts (id, monitor_id, user_id, opened_at, failures, threshold, window_seconds)
     VALUES (gen_random_uuid(), $1, $2, now(), 3, 2, 300) RETURNING id`,
    [monitor.id, owner.userId],
  );
  ids = { monitors: monitor.id, alerts: rows[0]?.id ?? '' };
});
afterAll(() => api.stop());

/** From the description, in which every route is: see openapi.test.ts. */
function routes(): Route[] {
  const paths = api.app.swagger().paths ?? {};
  return Object.entries(paths).flatMap(([url, methods]) =>
    Object.keys(methods as object).map((method) => ({ method: method.toUpperCase() as Route['method'], url })),
  );
}

const withId = ({ url }: Route, id: string) => url.replace('{id}', id);
const noun = ({ url }: Route) => url.split('/')[2] as keyof typeof ids;

describe('every route', () => {
  test('with an id answers 404 to who does not own it, in the same words as for an id that does not exist', async () => {
    const withIds = routes().filter((route) => route.url.includes('{id}'));
    expect(withIds.length).toBeGreaterThanOrEqual(8);
    for (const route of withIds) {
      const ask = (id: string) => stranger.send(route.method, withId(route, id), route.method === 'PATCH' ? {} : undefined);
      const foreign = await ask(ids[noun(route)]);
      expect({ route, status: foreign.status }).toEqual({ route, status: 404 });
      for (const id of [
        randomUUID(),
        'x',
        '1',
        '%00',
        'x'.repeat(200),
        `urn:uuid:${randomUUID()}`,
        `{${randomUUID()}}`,
        randomUUID().replaceAll('-', ''),
      ]) {
        expect({ route, id, text: (await ask(id)).text }).toEqual({ route, id, text: foreign.text });
      }
    }
    expect((await api.sql.query('SELECT FROM monitors WHERE version = 1 AND NOT paused')).rowCount).toBe(1);
    expect((await api.sql.query('SELECT FROM alerts WHERE acknowledged_at IS NULL')).rowCount).toBe(1);
  });

  test('needs a token, but for those that say they are public', async () => {
    const open = [];
    for (const route of routes()) {
      const { status } = await send(api.app, { method: route.method, url: withId(route, ids.monitors) });
      if (status !== 401) open.push(`${route.method} ${route.url}`);
    }
    expect(open.sort()).toEqual(['GET /healthz', 'GET /readyz', 'POST /v1/sessions', 'POST /v1/users']);
  });

  test('that lists shows nothing of others', async () => {
    for (const url of ['/v1/monitors', '/v1/alerts', '/v1/monitors?alerting=true', '/v1/alerts?state=open']) {
      expect((await stranger.send('GET', url)).body).toEqual({ items: [], nextCursor: null });
    }
  });
});

test('a monitor cannot be tied to the channel of somebody else', async () => {
  const foreign = await addChannel(api, (await api.signUp()).userId);
  const monitor = await register(stranger);
  const answer = await stranger.send('PATCH', `/v1/monitors/${monitor.id}`, { channelIds: [foreign] });
  expect(answer.status).toBe(400);
  expect(pointersOf(answer)).toEqual(['/channelIds/0']);
});
