import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import {
  createTestDatabase,
  startRedis,
  type Server,
  type TestDatabase,
} from '@gomon/test-support';
import { Redis } from 'ioredis';
import pg from 'pg';
import { runCommand } from '../src/run-command.ts';

const KEY = 'the key of this installation, of 32 bytes or more';
const OTHER_KEY = 'the key of another installation, of 32 bytes';
const NOWHERE = 'redis://127.0.0.1:1';

let database: TestDatabase;
let sql: pg.Client;
let queue: Server;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gomon-doctor-'));
  queue = await startRedis({
    dataDir: join(directory, 'queue'),
    logFile: join(directory, 'queue.log'),
    password: 'password',
    persistent: false,
    onProgress: () => undefined,
  });
});
afterAll(async () => {
  await queue?.stop();
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(async () => {
  database = await createTestDatabase();
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  // Ahead of now, so that a slow test does not age them.
  await sql.query(`UPDATE shards SET dispatched_through = now() + interval '1 minute'`);
  await sql.query(
    `INSERT INTO queue_readings (queue_age_seconds, ingest_delay_seconds, probers_seen, read_at) VALUES (0, 0, 3, now() + interval '1 minute')`,
  );
});
afterEach(async () => {
  await sql.end();
  await database.drop();
});

async function doctor(environment: Record<string, string> = {}) {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(`${line}\n`);
  const settings = {
    DATABASE_URL: database.url,
    SHARD_COUNT: '4',
    QUEUE_REDIS_URL: queue.url,
    WINDOW_REDIS_URL: queue.url,
    SECRETS_KEY: KEY,
    ...environment,
  };
  const code = await runCommand(['doctor'], {
    environment: settings,
    now: () => Date.now(),
    say,
    complain: say,
  });
  const output = lines.join('');
  return { code, faults: output.match(/^fault .*$/gm) ?? [], output };
}

const fault = (text: string | RegExp) => ({ code: 1, faults: [expect.stringMatching(text)] });

async function addMonitor(
  headers: (id: string) => Promise<Record<string, string>>,
): Promise<string> {
  const [id, ownerId] = [randomUUID(), randomUUID()];
  await sql.query(
    `INSERT INTO users (id, username, password_hash) VALUES ($1::uuid, $1::uuid::text, '')`,
    [ownerId],
  );
  await sql.query(
    `INSERT INTO monitors (id, user_id, shard, phase, name, target, settings, threshold, interval_seconds, timeout_ms, window_seconds)
     VALUES ($1, $2, 0, 0, 'it', 'https://target.test/', $3, 1, 60, 1000, 300)`,
    [id, ownerId, { url: 'https://target.test/', headers: await headers(id) }],
  );
  return id;
}

async function addSecret(key: string): Promise<string> {
  const encryption = await createEncryption(key);
  return addMonitor(async (id) => ({
    accept: 'text/html',
    authorization: await encryption.encrypt('Bearer x', id),
  }));
}

test('a sound installation has no faults', async () => {
  await addSecret(KEY);
  const { code, output } = await doctor();
  expect({
    code,
    output: output
      .replace(/PostgreSQL 18\S*( \(.*?\))?, as \w+/, 'PostgreSQL')
      .replaceAll(/Redis [\d.]+/g, 'Redis'),
  }).toEqual({
    code: 0,
    output: `ok      database: PostgreSQL
ok      clock: this host and the database agree to within a second
ok      migrations: ${/all \d+ are applied/.exec(output)?.[0]}
ok      shards: 4, as SHARD_COUNT says
ok      privileges: gomon_api and gomon_scheduler may do what they need and no more
ok      secrets: SECRETS_KEY opens the 1 that were tried
ok      schedulers: every shard was dispatched in the last 15 s
ok      probers: 3 seen on the queue
ok      queue: Redis, noeviction
ok      windows: Redis
No faults found
`,
  });
});

test('what is not given or not allowed to be read is skipped, and is no fault', async () => {
  const { code, output } = await doctor({
    DATABASE_URL: database.urlAs('gomon_scheduler'),
    QUEUE_REDIS_URL: '',
    WINDOW_REDIS_URL: '',
    SECRETS_KEY: '',
  });
  expect(code).toBe(0);
  expect(output.match(/^skipped \w+/gm)).toEqual([
    'skipped migrations',
    'skipped secrets',
    'skipped queue',
    'skipped windows',
  ]);
});

test('a database that does not answer is a fault', async () => {
  const { code, faults, output } = await doctor({
    DATABASE_URL: 'postgresql://gomon:password@127.0.0.1:1/gomon',
  });
  expect({ code, faults }).toEqual(fault("database: Can't reach database server at 127.0.0.1:1"));
  expect(output).toMatch(/^ok +queue/m);
});

test('a database that was never migrated is a fault, and the missing migrations are named', async () => {
  await sql.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  const { code, faults } = await doctor();
  expect(code).toBe(1);
  expect(faults).toContainEqual(
    expect.stringMatching(/migrations: \d+_.* not applied: run gomon-admin migrate/),
  );
});

test.each([
  [
    'missing',
    'DELETE FROM _prisma_migrations WHERE migration_name = $1',
    /migrations: \d+_\w+ not applied/,
  ],
  [
    'edited',
    `UPDATE _prisma_migrations SET checksum = '' WHERE migration_name = $1`,
    /migrations: \d+_\w+ edited after/,
  ],
  [
    'failed',
    `UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = $1`,
    /migrations: \d+_\w+ failed/,
  ],
  [
    'unknown',
    `UPDATE _prisma_migrations SET migration_name = '99990101000000_later', id = 'x' || left(id, 30) WHERE migration_name = $1`,
    /not applied.*; 99990101000000_later unknown to this version/,
  ],
])('a migration that is %s is a fault', async (_, statement, text) => {
  const { rows } = await sql.query<{ name: string }>(
    'SELECT max(migration_name) AS name FROM _prisma_migrations',
  );
  await sql.query(statement, [rows[0]?.name]);
  expect(await doctor()).toMatchObject(fault(text));
});

test('another number of shards than SHARD_COUNT is a fault', async () => {
  expect(await doctor({ SHARD_COUNT: '8' })).toMatchObject(
    fault('shards: the database was made with 4, but SHARD_COUNT is 8'),
  );
});

test('a privilege that an app lacks, or has without need, is a fault', async () => {
  await sql.query('REVOKE SELECT ON channels FROM gomon_api');
  await sql.query('REVOKE UPDATE (last_used_at) ON api_keys FROM gomon_api');
  await sql.query('GRANT DELETE ON monitors TO gomon_scheduler');
  await sql.query('GRANT EXECUTE ON FUNCTION drop_partition(text) TO gomon_api');
  const lacks = 'gomon_api lacks SELECT on channels, UPDATE \\(last_used_at\\) on api_keys';
  const has =
    'gomon_api has EXECUTE on drop_partition\\(text\\), .*; gomon_scheduler has DELETE on monitors';
  expect(await doctor()).toMatchObject(fault(new RegExp(`privileges: ${lacks}; ${has}`)));
});

test('a stored secret that the key does not open is a fault, unless the previous key does', async () => {
  await addSecret(KEY);
  const id = await addSecret(OTHER_KEY);
  expect(await doctor()).toMatchObject(fault(`secrets: SECRETS_KEY does not open monitors ${id}`));
  expect(await doctor({ SECRETS_KEY_PREVIOUS: OTHER_KEY })).toMatchObject({ code: 0, faults: [] });
});

test('a shard that nobody dispatches is a fault', async () => {
  await sql.query(
    `UPDATE shards SET dispatched_through = now() - interval '90 seconds' WHERE id = 3`,
  );
  expect(await doctor()).toMatchObject(fault(/schedulers: a shard was last dispatched \d+ s ago/));
});

test('a queue that no scheduler has read lately is a fault', async () => {
  await sql.query(`UPDATE queue_readings SET read_at = '2026-01-02T03:04:05Z'`);
  expect(await doctor()).toMatchObject(
    fault('schedulers: the queue was last read at 2026-01-02T03:04:05.000Z'),
  );
  await sql.query('DELETE FROM queue_readings');
  expect(await doctor()).toMatchObject(fault('schedulers: no scheduler has ever read the queue'));
});

test('no prober on the queue is a fault', async () => {
  await sql.query('UPDATE queue_readings SET probers_seen = 0');
  expect(await doctor()).toMatchObject(fault('probers: none is seen on the queue'));
});

test("a queue's Redis that does not answer, or refuses the password, is a fault", async () => {
  expect(await doctor({ QUEUE_REDIS_URL: NOWHERE })).toMatchObject(
    fault('queue: connect ECONNREFUSED 127.0.0.1:1'),
  );
  const wrong = queue.url.replace(':password@', ':wrong@');
  expect(await doctor({ QUEUE_REDIS_URL: wrong })).toMatchObject(fault('queue: WRONGPASS'));
});

test("a queue's Redis that may evict jobs is a fault", async () => {
  const redis = new Redis(queue.url);
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  try {
    expect(await doctor()).toMatchObject(
      fault(/queue: Redis \S+ may evict jobs: maxmemory-policy is allkeys-lru, not noeviction/),
    );
  } finally {
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    redis.disconnect();
  }
});

test('one of several window caches that does not answer is a fault', async () => {
  const urls = `${queue.url},${NOWHERE}`;
  expect(await doctor({ WINDOW_REDIS_URL: urls })).toMatchObject(
    fault('windows: number 1 of WINDOW_REDIS_URL: connect ECONNREFUSED 127.0.0.1:1'),
  );
});
