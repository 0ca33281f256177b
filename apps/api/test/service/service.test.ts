import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Db } from '@gomon/persistence';
import { createLogger } from '@gomon/runtime';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { buildApp } from '../../src/app.ts';
import {
  connectTo,
  PASSWORD,
  register,
  send,
  startTestApi,
  type Client,
  type TestApi,
} from '../test-api.ts';

const lines: string[] = [];
const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
const logged = () => lines.splice(0).map((line) => JSON.parse(line) as Record<string, unknown>);

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi({}, logger);
  client = await api.signUp();
});
afterAll(() => api.stop());

test('the service is alive and ready', async () => {
  expect(await send(api.app, { url: '/healthz' })).toMatchObject({
    status: 200,
    body: { status: 'ok' },
  });
  expect(await send(api.app, { url: '/readyz' })).toMatchObject({
    status: 200,
    body: { status: 'ok', failing: [] },
  });
});

test('requests are counted by the template of their route', async () => {
  await client.send('GET', `/v1/monitors/${crypto.randomUUID()}`);
  await client.send('GET', '/v1/nowhere');
  const text = await api.registry.metrics();
  expect(text).toContain(
    'gomon_http_requests_total{method="GET",route="/v1/monitors/:id",status="404"} 1',
  );
  expect(text).toContain('gomon_http_requests_total{method="GET",route="none",status="404"} 1');
  expect(text).toContain(
    'gomon_http_request_duration_seconds_count{method="GET",route="/v1/monitors/:id",status="404"} 1',
  );
});

test('answers that alerts ask for are counted from 0 on, of every route', async () => {
  const text = await api.registry.metrics();
  for (const status of [500, 503])
    for (const [method, route] of [
      ['GET', '/v1/status'],
      ['PATCH', '/v1/monitors/:id'],
      ['DELETE', '/v1/channels/:id'],
    ])
      expect(text).toContain(
        `gomon_http_requests_total{method="${method}",route="${route}",status="${status}"} 0`,
      );
});

test('a request leaves one line, without its address, its body or its token', async () => {
  logged();
  const { id } = await register(client, { headers: { 'x-a': 'header-secret' } });
  await client.send('GET', `/v1/monitors/${id}?`);
  await client.send('GET', '/v1/monitors?name=query-secret\u001b[31m');
  await send(api.app, {
    method: 'POST',
    url: '/v1/sessions',
    payload: { username: 'no such', password: PASSWORD },
  });
  const entries = logged();
  expect(entries.map(({ method, route, status }) => [method, route, status])).toEqual([
    ['POST', '/v1/monitors', 201],
    ['GET', '/v1/monitors/:id', 200],
    ['GET', '/v1/monitors', 400],
    ['POST', '/v1/sessions', 401],
  ]);
  expect(entries[0]).toMatchObject({
    msg: 'request',
    ms: expect.any(Number),
    reqId: expect.stringMatching(/^[\da-f-]{36}$/),
    userId: client.userId,
  });
  const text = JSON.stringify(entries);
  for (const secret of ['header-secret', 'query-secret', PASSWORD, client.token, id])
    expect(text).not.toContain(secret);
});

describe('without its database', () => {
  const started: { app: FastifyInstance; db: Db; server?: Server }[] = [];
  afterEach(async () => {
    for (const { app, db, server } of started.splice(0)) {
      await app.close();
      await db.$disconnect();
      server?.close();
    }
  });

  async function startOn(url: string, server?: Server): Promise<FastifyInstance> {
    const db = connectTo(url);
    const app = await buildApp({
      db,
      config: api.config,
      shardCount: 4,
      logger: createLogger('api', 'silent'),
      registry: new Registry(),
    });
    started.push({ app, db, ...(server && { server }) });
    return app;
  }

  async function expectUnavailable(app: FastifyInstance): Promise<void> {
    const payload = { username: 'somebody', password: PASSWORD };
    const answers = await Promise.all([
      send(app, { method: 'POST', url: '/v1/users', payload }),
      send(app, { method: 'POST', url: '/v1/sessions', payload }),
      send(app, { url: '/v1/monitors', headers: { authorization: `Bearer ${client.token}` } }),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        status: 503,
        body: { code: 'unavailable' },
        headers: { 'retry-after': '2' },
      });
      expect(answer.text).not.toMatch(/127\.0\.0\.1|prisma|select/i);
    }
    expect(await send(app, { url: '/readyz' })).toMatchObject({
      status: 503,
      body: { status: 'unavailable', failing: ['database'] },
    });
    expect((await send(app, { url: '/healthz' })).status).toBe(200);
  }

  test('it says so when the database refuses connections', async () => {
    await expectUnavailable(await startOn('postgresql://postgres@127.0.0.1:1/gomon'));
  });

  test('it says so within seconds when the database hangs', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await expectUnavailable(
      await startOn(
        `postgresql://postgres@127.0.0.1:${(server.address() as AddressInfo).port}/gomon`,
        server,
      ),
    );
  });

  test('it says so when a row stays locked', async () => {
    const monitor = await register(client);
    await api.sql.query('BEGIN');
    await api.sql.query('SELECT FROM monitors WHERE id = $1 FOR UPDATE', [monitor.id]);
    expect(
      await client.send('PATCH', `/v1/monitors/${monitor.id}`, { threshold: 3 }),
    ).toMatchObject({ status: 503 });
    await api.sql.query('ROLLBACK');
    expect(
      await client.send('PATCH', `/v1/monitors/${monitor.id}`, { threshold: 3 }),
    ).toMatchObject({ status: 200 });
  });

  test('it serves again as soon as its connections are back', async () => {
    await api.sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test' AND datname = current_database()`,
    );
    const statuses = [];
    while (statuses.at(-1) !== 200 && statuses.length < 20)
      statuses.push((await client.send('GET', '/v1/monitors')).status);
    expect(statuses.at(-1)).toBe(200);
  });
});

test("an unexpected error is answered with the request's number, and its details only logged", async () => {
  await api.sql.query('ALTER TABLE alerts RENAME TO alerts_away');
  logged();
  const answer = await client.send('GET', '/v1/alerts');
  const [failure] = logged();
  await api.sql.query('ALTER TABLE alerts_away RENAME TO alerts');
  expect(answer).toMatchObject({
    status: 500,
    body: { code: 'internal_error', title: 'Something went wrong' },
  });
  expect(answer.body['detail']).toContain(failure?.['reqId']);
  expect(answer.text).not.toMatch(/alerts|prisma|select|at /i);
  expect(JSON.stringify(failure)).toContain('alerts');
});
