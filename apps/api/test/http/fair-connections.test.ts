import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from '@gomon/persistence';
import { createLogger } from '@gomon/runtime';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { buildApp } from '../../src/app.ts';
import { register, send, startTestApi, type Client, type TestApi } from '../test-api.ts';

const CONNECTIONS = 10;
const BURST = 200;

let api: TestApi;
let app: FastifyInstance;
let close: () => Promise<void>;
let greedy: Client;
let other: Client;
beforeAll(async () => {
  api = await startTestApi();
  [greedy, other] = [await api.signUp(), await api.signUp()];
  const url = new URL(api.config.DATABASE_URL);
  const options = {
    applicationName: 'fair',
    statementTimeoutMs: 30_000,
    onConnectionError: () => undefined,
  };
  const db = connect({ url: url.href, poolSize: CONNECTIONS, ...options });
  const logger = createLogger('api', 'silent');
  app = await buildApp({ db, config: api.config, shardCount: 4, logger, registry: new Registry() });
  close = async () => {
    await app.close();
    await db.$disconnect();
  };
});
afterAll(async () => {
  await close();
  await api.stop();
});

const as = ({ token }: Client, method: 'GET' | 'POST', url: string, payload?: object) =>
  send(app, {
    method,
    url,
    headers: { authorization: `Bearer ${token}` },
    ...(payload && { payload }),
  });

/** How many of the API's connections wait for a lock at this moment. */
async function held(): Promise<number> {
  // Not by `api.sql`: in a transaction it would see the same again and again.
  const [row] = await api.db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'fair' AND wait_event_type = 'Lock'`;
  return row?.count ?? 0;
}

test('a burst of one user takes a quarter of the connections, and others are answered meanwhile', async () => {
  const { id } = await register(other);
  const done: string[] = [];
  await api.sql.query('BEGIN');
  await api.sql.query('LOCK TABLE status_pages, channels IN ACCESS EXCLUSIVE MODE');
  const burst = Array.from({ length: BURST }, (_, i) => {
    const request = as(greedy, 'GET', i % 2 === 0 ? '/v1/channels' : '/v1/status-pages');
    return request.finally(() => done.push('greedy'));
  });
  while ((await held()) < 2);
  for (const url of [`/v1/monitors/${id}`, '/v1/monitors', '/v1/monitors/overview', '/v1/alerts']) {
    expect((await as(other, 'GET', url)).status).toBe(200);
    done.push(url);
  }
  expect((await send(app, { url: '/v1/status' })).status).toBe(200);
  expect(done).toEqual([
    `/v1/monitors/${id}`,
    '/v1/monitors',
    '/v1/monitors/overview',
    '/v1/alerts',
  ]);
  expect(await held()).toBe(2);
  await api.sql.query('ROLLBACK');
  // Of those that waited for the lock, a slow machine may have let some go after the two seconds that there are for that.
  const statuses = (await Promise.all(burst)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(BURST / 2);
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
});
