import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addAlert,
  addChannel,
  addNotification,
  pointersOf,
  register,
  send,
  startTestApi,
  type Client,
  type TestApi,
} from '../test-api.ts';

interface Schema {
  readonly $ref?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly type?: string;
  readonly items?: Schema;
  readonly properties?: Record<string, Schema>;
  readonly additionalProperties?: Schema | boolean;
}

interface Operation {
  readonly parameters?: { name: string; in: string; schema: Schema }[];
  readonly requestBody?: { content: Record<string, { schema: Schema }> };
}

interface Route extends Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
}

let api: TestApi;
let owner: Client;
let stranger: Client;
/** A resource of the owner for each noun in a path. */
let ids: Record<string, string>;
beforeAll(async () => {
  api = await startTestApi();
  owner = await api.signUp();
  stranger = await api.signUp();
  const monitor = await register(owner, { headers: { 'x-a': 'b' } });
  const key = await owner.send<{ id: string }>('POST', '/v1/api-keys', { name: 'key' });
  const page = await owner.send<{ id: string }>('POST', '/v1/status-pages', {
    slug: `page-${randomUUID()}`,
    title: 'Page',
  });
  const message = await owner.send<{ id: string }>(
    'POST',
    `/v1/status-pages/${page.body.id}/messages`,
    {
      title: 'a',
      kind: 'notice',
    },
  );
  const channel = await owner.send<{ id: string }>('POST', '/v1/channels', {
    kind: 'webhook',
    name: 'channel',
    settings: { url: 'https://example.com/' },
  });
  const maintenance = await owner.send<{ id: string }>('POST', '/v1/maintenance-windows', {
    name: 'a',
    startsAt: new Date().toISOString(),
    durationSeconds: 60,
  });
  ids = {
    channels: channel.body.id,
    notifications: await addNotification(api, channel.body.id),
    'maintenance-windows': maintenance.body.id,
    monitors: monitor.id,
    alerts: await addAlert(api, monitor, owner.userId),
    'api-keys': key.body.id,
    'status-pages': page.body.id,
    messages: message.body.id,
  };
});
afterAll(() => api.stop());

/** From the description, in which every route is: see openapi.test.ts. */
function routes(): Route[] {
  const paths = Object.entries(api.app.swagger().paths ?? {}) as [
    string,
    Record<string, Operation>,
  ][];
  return paths.flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase() as Route['method'],
      url,
      ...operation,
    })),
  );
}

const named = ({ method, url }: Route) => `${method} ${url}`;
/** An id in an id stays the owner's: see status-pages.test.ts for that of a message. */
const withId = ({ url }: Route, id: string) =>
  url.replace('{messageId}', ids['messages'] ?? '').replace(/\{\w+\}/, id);

/** Of the routes with an id that take no request without one. */
const BODIES: Record<string, object> = {
  'POST /v1/channels/{id}/confirm': { code: 'ABCDE23456' },
  'POST /v1/monitors/{id}/alert-preview': { threshold: 1, windowSeconds: 300 },
  'POST /v1/status-pages/{id}/messages': { title: 'a', kind: 'notice' },
};

function foreignId(route: Route): string {
  const id = ids[route.url.split('/')[2] ?? ''];
  if (!id) throw new Error(`Give the owner an object for ${route.url}`);
  return id;
}

/** Where a value of this schema may contain an id. */
function placesOfIds(schema: Schema, place: string): string[] {
  if (schema.$ref) throw new Error(`What ${place} refers to has to be looked into here, too`);
  const inner = [
    ...Object.entries(schema.properties ?? {}).map(
      ([name, property]) => [`${place}/${name}`, property] as const,
    ),
    ...[schema.items, schema.additionalProperties].flatMap((item) =>
      typeof item === 'object' ? [[`${place}/*`, item] as const] : [],
    ),
  ];
  return [
    ...(schema.format === 'uuid' ? [place] : []),
    ...inner.flatMap(([where, property]) => placesOfIds(property, where)),
  ];
}

describe('every route', () => {
  test('with an id answers other users 404, with the same text as for a missing id', async () => {
    const withIds = routes().filter((route) => route.url.includes('{'));
    expect(withIds.length).toBeGreaterThanOrEqual(9);
    for (const route of withIds) {
      expect(withId(route, '')).not.toContain('{'); // An id in an id: give each a place in this test.
      const body = BODIES[named(route)] ?? (route.method === 'PATCH' ? {} : undefined);
      const ask = (id: string) => stranger.send(route.method, withId(route, id), body);
      const foreign = await ask(foreignId(route));
      expect({ route: named(route), status: foreign.status }).toEqual({
        route: named(route),
        status: 404,
      });
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
        expect({ route: named(route), id, text: (await ask(id)).text }).toEqual({
          route: named(route),
          id,
          text: foreign.text,
        });
      }
      if (route.method === 'GET')
        expect((await owner.send('GET', withId(route, foreignId(route)))).status).toBe(200);
    }
    expect(
      (await api.sql.query('SELECT FROM monitors WHERE version = 1 AND NOT paused')).rowCount,
    ).toBe(1);
    expect((await api.sql.query('SELECT FROM alerts WHERE acknowledged_at IS NULL')).rowCount).toBe(
      1,
    );
    expect((await api.sql.query('SELECT FROM api_keys')).rowCount).toBe(1);
  });

  test('that takes an id in its query or body is listed below', () => {
    const places = routes().flatMap((route) => [
      ...(route.parameters ?? [])
        .filter((parameter) => parameter.in !== 'path')
        .flatMap((parameter) =>
          placesOfIds(parameter.schema, `${named(route)} ?${parameter.name}`),
        ),
      ...Object.values(route.requestBody?.content ?? {}).flatMap(({ schema }) =>
        placesOfIds(schema, named(route)),
      ),
    ]);
    expect(places.sort()).toEqual([
      'PATCH /v1/maintenance-windows/{id}/monitorId',
      'PATCH /v1/monitors/{id}/channelIds/*',
      'PATCH /v1/status-pages/{id}/groups/*/monitorIds/*',
      'POST /v1/maintenance-windows/monitorId',
      'POST /v1/monitors/bulk/ids/*',
      'POST /v1/monitors/channelIds/*',
      'POST /v1/status-pages/groups/*/monitorIds/*',
    ]);
  });

  test('needs a token unless it is public', async () => {
    const open = [];
    for (const route of routes()) {
      const { status } = await send(api.app, {
        method: route.method,
        url: withId(route, ids['monitors'] ?? ''),
      });
      if (status !== 401) open.push(named(route));
    }
    expect(open.sort()).toEqual([
      'GET /healthz',
      'GET /readyz',
      'GET /v1/status',
      'POST /v1/sessions',
      'POST /v1/users',
    ]);
  });

  test('that lists shows nothing of others, whatever it is asked for', async () => {
    const lists = routes().filter(
      ({ method, url, parameters = [] }) =>
        method === 'GET' &&
        !url.includes('{') &&
        parameters.some((parameter) => parameter.name === 'cursor'),
    );
    expect(lists.length).toBeGreaterThanOrEqual(3);
    for (const { url, parameters = [] } of lists) {
      expect((await owner.send('GET', url)).body).toMatchObject({ items: [expect.anything()] });
      const filters = parameters.flatMap(({ name, schema }) =>
        (schema.type === 'boolean' ? ['true', 'false'] : (schema.enum ?? [])).map(
          (value) => `?${name}=${value}`,
        ),
      );
      for (const filter of ['', ...filters]) {
        const { totals, ...page } = (await stranger.send('GET', url + filter)).body;
        expect(page).toEqual({ items: [], nextCursor: null });
        expect(Object.values(totals ?? {}).filter((count) => count !== 0)).toEqual([]);
      }
    }
  });
});

test.each(['PATCH', 'POST'] as const)(
  "a monitor cannot be attached to another user's channel by %s",
  async (method) => {
    const foreign = await addChannel(api, owner.userId);
    const own = await addChannel(api, stranger.userId);
    const settings = { name: randomUUID(), url: 'https://example.com/', threshold: 1 };
    const url =
      method === 'POST' ? '/v1/monitors' : `/v1/monitors/${(await register(stranger)).id}`;
    const answer = await stranger.send(method, url, { ...settings, channelIds: [own, foreign] });
    expect(answer.status).toBe(400);
    expect(pointersOf(answer)).toEqual(['/channelIds/1']);
  },
);

describe('an id in another case', () => {
  const upper = (id: string | undefined) => (id ?? '').toUpperCase();

  test('is the same monitor', async () => {
    const { id } = await register(owner);
    expect((await owner.send('GET', `/v1/monitors/${upper(id)}`)).body).toMatchObject({ id });
  });

  test('is the same channel of a monitor, once', async () => {
    const id = await addChannel(api, owner.userId);
    const monitor = await register(owner, { channelIds: [upper(id), id] });
    expect(monitor['channelIds']).toEqual([id]);
    const foreign = [upper(await addChannel(api, stranger.userId))];
    const answer = await owner.send('PATCH', `/v1/monitors/${monitor.id}`, { channelIds: foreign });
    expect(pointersOf(answer)).toEqual(['/channelIds/0']);
  });

  test('is the same monitor of a public status page, once', async () => {
    const [slug, name] = [`page-${randomUUID()}`, `shown ${randomUUID()}`];
    const { id } = await register(owner, { name });
    const groups = [{ name: 'a', monitorIds: [upper(id), id] }];
    const made = await owner.send('POST', '/v1/status-pages', {
      slug,
      title: 'x',
      published: true,
      groups,
    });
    expect(made.body['groups']).toEqual([{ name: 'a', monitorIds: [id] }]);
    expect((await send(api.app, { url: `/status/${slug}` })).text.split(name)).toHaveLength(2);
    const foreign = [{ name: 'a', monitorIds: [upper((await register(stranger)).id)] }];
    const answer = await owner.send('PATCH', `/v1/status-pages/${String(made.body['id'])}`, {
      groups: foreign,
    });
    expect(pointersOf(answer)).toEqual(['/groups/0/monitorIds/0']);
  });
});

test('simultaneous requests share reads, but each is answered for its own credential', async () => {
  const clients = await Promise.all(Array.from({ length: 20 }, () => api.signUp()));
  const ids = await Promise.all(clients.map(async (client) => (await register(client)).id));
  await clients[0]?.send('DELETE', '/v1/sessions/current');
  const answers = await Promise.all(
    clients.flatMap((client, i) =>
      [ids[i], ids.at(i - 1)].map((id) => client.send('GET', `/v1/monitors/${id}`)),
    ),
  );
  const expected = ids.flatMap((id, i) => (i === 0 ? [401, 401] : [id, 404]));
  expect(answers.map(({ status, body }) => body['id'] ?? status)).toEqual(expected);
});
