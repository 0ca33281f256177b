import { randomUUID } from 'node:crypto';
import { connect, ROLES, type Db, listShards } from '@gomon/persistence';
import { createLogger, loadConfig } from '@gomon/runtime';
import { createTestDatabase } from '@gomon/test-support';
import type { FastifyInstance, InjectOptions } from 'fastify';
import pg from 'pg';
import { Registry } from 'prom-client';
import { buildApp } from '../src/app.ts';
import { ApiConfigSchema, type ApiConfig } from '../src/config.ts';

export const JWT_SECRET = 'a secret of thirty-two bytes or more';
export const PASSWORD = 'correct horse battery';

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  readonly body: Body;
}

/** A logged-in user. */
export interface Client {
  readonly userId: string;
  readonly token: string;
  send<Body = Record<string, unknown>>(
    method: InjectOptions['method'],
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
}

export interface TestApi {
  readonly app: FastifyInstance;
  readonly config: ApiConfig;
  readonly db: Db;
  readonly registry: Registry;
  readonly databaseUrl: string;
  /** A connection beside the API's own, for what no route does. */
  readonly sql: pg.Client;
  signUp(): Promise<Client>;
  stop(): Promise<void>;
}

export function connectTo(url: string): Db {
  return connect({
    url,
    poolSize: 5,
    applicationName: 'test',
    statementTimeoutMs: 5000,
    onConnectionError: () => undefined,
  });
}

/** The API on a separate database. `environment` adds to its configuration. */
export async function startTestApi(
  environment: Record<string, string> = {},
  logger = createLogger('api', 'silent'),
): Promise<TestApi> {
  const database = await createTestDatabase();
  const config = loadConfig(ApiConfigSchema, {
    DATABASE_URL: database.urlAs(ROLES.api),
    JWT_SECRET,
    SECRETS_KEY: 'k'.repeat(32),
    RATE_LIMIT_PER_MINUTE: '1000000',
    ADDRESS_RATE_LIMIT_PER_MINUTE: '1000000',
    ...environment,
  });
  const db = connectTo(database.url);
  const sql = new pg.Client({ connectionString: database.url, options: '-c timezone=UTC' });
  await sql.connect();
  const registry = new Registry();
  const { length: shardCount } = await listShards(db);
  const ownDb = connectTo(config.DATABASE_URL);
  const app = await buildApp({ db: ownDb, config, shardCount, logger, registry });
  return {
    app,
    config,
    db,
    registry,
    databaseUrl: database.url,
    sql,
    signUp: () => signUp(app),
    stop: async () => {
      await app.close();
      await Promise.all([ownDb.$disconnect(), db.$disconnect(), sql.end()]);
      await database.drop();
    },
  };
}

export function send<Body = Record<string, unknown>>(
  app: FastifyInstance,
  request: InjectOptions,
): Promise<Answer<Body>> {
  return app.inject(request).then(({ statusCode, headers, payload }) => ({
    status: statusCode,
    headers,
    text: payload,
    body: (payload.startsWith('{') ? JSON.parse(payload) : {}) as Body,
  }));
}

async function signUp(app: FastifyInstance): Promise<Client> {
  const payload = { username: `user-${randomUUID()}`, password: PASSWORD };
  const { body: user } = await send<{ id: string }>(app, {
    method: 'POST',
    url: '/v1/users',
    payload,
  });
  const { body: session } = await send<{ token: string }>(app, {
    method: 'POST',
    url: '/v1/sessions',
    payload,
  });
  return {
    userId: user.id,
    token: session.token,
    send: (method, url, body, headers) =>
      send(app, {
        method,
        url,
        headers: { authorization: `Bearer ${session.token}`, ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      }),
  };
}

export interface MonitorBody {
  readonly id: string;
  readonly name: string;
  readonly [name: string]: unknown;
}

/** Adds a monitor, with a unique name unless `settings` give one. */
export async function register(
  client: Client,
  settings: Record<string, unknown> = {},
): Promise<MonitorBody> {
  const { body, status, text } = await client.send<MonitorBody>('POST', '/v1/monitors', {
    name: `monitor ${randomUUID()}`,
    url: 'https://example.com/',
    threshold: 2,
    ...settings,
  });
  if (status !== 201) throw new Error(text);
  return body;
}

export interface ProblemBody {
  readonly code: string;
  readonly errors?: { pointer: string; message: string }[];
}

/** Where the faults are, each place once. */
export function pointersOf(answer: Answer<unknown>): string[] {
  const pointers = ((answer.body as ProblemBody).errors ?? []).map((fault) => fault.pointer);
  return [...new Set(pointers)].sort();
}

/** What the API does not say about a monitor. */
export interface MonitorRow {
  readonly shard: number;
  readonly phase: number;
  readonly headers: Record<string, string>;
  readonly immediate_slot: Date | null;
  readonly immediate_pending: boolean;
  readonly active_since: Date;
  readonly rule_since: Date;
  readonly window_since: Date | null;
  readonly probe_version: number;
  readonly updated_at: Date;
  readonly version: number;
}

export async function readRow({ sql }: TestApi, { id }: MonitorBody): Promise<MonitorRow> {
  const { rows } = await sql.query<MonitorRow & { settings: object }>(
    'SELECT * FROM monitors WHERE id = $1',
    [id],
  );
  return { ...rows[0], ...rows[0]?.settings } as MonitorRow;
}

export async function addChannel({ sql }: TestApi, userId: string): Promise<string> {
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO channels (id, user_id, kind, name, settings) VALUES (gen_random_uuid(), $1, 'webhook', gen_random_uuid()::text, '{}') RETURNING id`,
    [userId],
  );
  return rows[0]?.id ?? '';
}

/** A notification of the channel that must not be sent any more. */
export async function addNotification({ sql }: TestApi, channelId: string): Promise<string> {
  const none = '00000000-0000-0000-0000-000000000000';
  const content = {
    monitor: { id: none, name: 'none', url: 'https://monitor.invalid/' },
    alert: {
      id: none,
      openedAt: new Date(),
      resolvedAt: null,
      failures: 3,
      threshold: 2,
      windowSeconds: 300,
    },
    lastChecks: [],
  };
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO notifications (id, channel_id, transition, status, content) VALUES (gen_random_uuid(), $1, 'test', 'dead', $2) RETURNING id`,
    [channelId, content],
  );
  return rows[0]?.id ?? '';
}

/** An open alert. */
export async function addAlert(
  { sql }: TestApi,
  { id }: MonitorBody,
  userId: string,
): Promise<string> {
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO alerts (id, monitor_id, user_id, opened_at, failures, threshold, window_seconds)
     VALUES (gen_random_uuid(), $1, $2, date_trunc('second', now()), 3, 2, 300) RETURNING id`,
    [id, userId],
  );
  return rows[0]?.id ?? '';
}
