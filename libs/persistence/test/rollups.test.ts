import { fileURLToPath } from 'node:url';
import { OUTCOMES, type CheckResult, type Outcome } from '@gomon/domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { unpackPhases } from '../src/pipeline/fast/phase-shares.ts';
import { addNumberedMonitors, createUser, findMonitor, migrate, type Db } from '../src/index.ts';
import { storeCheckResults } from '../src/pipeline/index.ts';
import { openTestDb } from './open-test-db.ts';

const SHARD_COUNT = 4;
const MIGRATIONS = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
let stores: Awaited<ReturnType<typeof openTestDb>>;
let db: Db;
let client: pg.Client;
let ownerId: string;
let monitors = 0;

beforeAll(async () => {
  stores = await openTestDb();
  db = stores.db;
  client = new pg.Client({ connectionString: stores.url, options: '-c timezone=UTC' });
  await client.connect();
  ownerId = (await createUser(db, { username: 'ada', passwordHash: 'none' })).id;
});
afterAll(async () => {
  await client.end();
  await stores.close();
});

async function addMonitor(): Promise<{ id: string; shard: number }> {
  monitors += 1;
  const settings = {
    ownerId,
    name: 'site',
    url: 'http://target/',
    intervalSeconds: 60,
    threshold: 3,
    shardCount: SHARD_COUNT,
  };
  await addNumberedMonitors(db, settings, monitors, monitors);
  await client.query(`UPDATE monitors SET created_at = now() - interval '1 day'`);
  return db.monitor.findFirstOrThrow({
    where: { name: `site ${monitors}` },
    select: { id: true, shard: true },
  });
}

const start = Math.floor(Date.now() / 1000) - 3 * 3600;

/** At `minute` after the start; its content follows from `kind`. */
function toResult(
  monitorId: string,
  { minute, kind }: { minute: number; kind: number },
): CheckResult {
  const slot = start + minute * 60;
  const outcome = OUTCOMES[kind % 3] as Outcome;
  const reason = { success: null, failure: 'timeout', unknown: 'expired' } as const;
  const cause = outcome === 'failure' && kind % 2 > 0 && { cause: 'timeout_tls' as const };
  const statusCode = outcome === 'success' ? 200 + kind : null;
  const durationMs = kind * 7;
  const phases = kind % 4 > 0 && { phases: [kind, 2 * kind, 0, kind % 4] as const };
  return {
    monitorId,
    slot,
    outcome,
    statusCode,
    reason: reason[outcome],
    ...cause,
    durationMs,
    ...phases,
    checkedAt: slot * 1000,
  };
}

const results = fc.array(fc.record({ minute: fc.nat({ max: 170 }), kind: fc.nat({ max: 90 }) }), {
  minLength: 1,
  maxLength: 30,
});

type Sent = typeof results extends fc.Arbitrary<infer Value> ? Value : never;

/** For a separate monitor. */
async function store(sent: Sent, batchSize: number): Promise<string> {
  const { id, shard } = await addMonitor();
  for (let i = 0; i < sent.length; i += batchSize) {
    const batch = new Map(
      sent.slice(i, i + batchSize).map((each) => [each.minute, toResult(id, each)]),
    );
    await storeCheckResults(
      db,
      [...batch.values()].map((result) => ({ shard, ...result })),
      30,
    );
  }
  return id;
}

test("a monitor's state is its newest row, in any order and repetition of results", async () => {
  await fc.assert(
    fc.asyncProperty(results, fc.integer({ min: 1, max: 8 }), async (sent, batchSize) => {
      const id = await store(sent, batchSize);
      const { rows } = await client.query<object>(
        `SELECT slot AS "lastSlot", outcome AS "lastOutcome", status_code AS "lastStatusCode", reason AS "lastReason", cause AS "lastCause"
         FROM checks WHERE monitor_id = $1 ORDER BY slot DESC LIMIT 1`,
        [id],
      );
      expect((await findMonitor(db, ownerId, id))?.state).toMatchObject({
        alerting: false,
        ...rows[0],
      });
    }),
    { numRuns: 60 },
  );
});

test('the newest known check of a monitor is that of its rows, in any order and repetition of results', async () => {
  await fc.assert(
    fc.asyncProperty(results, fc.integer({ min: 1, max: 8 }), async (sent, batchSize) => {
      const id = await store(sent, batchSize);
      const newest = async (sql: string) => (await client.query<object>(sql, [id])).rows;
      expect(
        await newest('SELECT max(last_known_slot) AS slot FROM rollups WHERE monitor_id = $1'),
      ).toEqual(
        await newest(
          `SELECT max(slot) AS slot FROM checks WHERE monitor_id = $1 AND outcome <> 'unknown'`,
        ),
      );
    }),
    { numRuns: 40 },
  );
});

test("an hour's sums of phases are those of its successful rows, in any order and repetition of results", async () => {
  await fc.assert(
    fc.asyncProperty(results, fc.integer({ min: 1, max: 8 }), async (sent, batchSize) => {
      const id = await store(sent, batchSize);
      const { rows } = await client.query<{ hour: Date; phases: number; duration: number }>(
        `SELECT date_trunc('hour', slot) AS hour, phases, duration_ms AS duration
         FROM checks WHERE monitor_id = $1 AND outcome = 'success' AND phases IS NOT NULL ORDER BY hour`,
        [id],
      );
      const sums = new Map<string, number[]>();
      for (const { hour, phases, duration } of rows) {
        const before = sums.get(hour.toISOString()) ?? [0, 0, 0, 0, 0];
        const added = [1, ...(unpackPhases(phases, duration) ?? [])];
        sums.set(
          hour.toISOString(),
          before.map((sum, i) => sum + (added[i] ?? 0)),
        );
      }
      const { rows: rollups } = await client.query<{ hour: Date; sums: number[] }>(
        `SELECT hour, ARRAY[phased, dns_ms, connect_ms, tls_ms, first_byte_ms] AS sums
         FROM rollups WHERE monitor_id = $1 AND phased > 0 ORDER BY hour`,
        [id],
      );
      expect(rollups.map(({ hour, sums: told }) => [hour.toISOString(), told])).toEqual([...sums]);
    }),
    { numRuns: 60 },
  );
});

test('rollups are the same whether results come one by one or together', async () => {
  const rollupsOf = async (id: string) => {
    const { rows } = await client.query<object>(
      `SELECT to_jsonb(r) - 'monitor_id' - 'shard' AS rollup FROM rollups r WHERE monitor_id = $1 ORDER BY hour`,
      [id],
    );
    return rows;
  };
  await fc.assert(
    fc.asyncProperty(results, async (sent) => {
      const first = [...new Map(sent.toReversed().map((each) => [each.minute, each])).values()];
      const [oneByOne, together] = [await store(sent, 1), await store(first, first.length)];
      expect(await rollupsOf(oneByOne)).toEqual(await rollupsOf(together));
    }),
    { numRuns: 60 },
  );
});

const readRollups = async () =>
  (await client.query<object>('SELECT * FROM rollups ORDER BY monitor_id, hour')).rows;

test('the migration that adds columns to rollups fills them from existing rows', async () => {
  const { id, shard } = await addMonitor();
  const minutes = Array.from({ length: 170 }, (_, minute) =>
    toResult(id, { minute, kind: (minute * 37) % 91 }),
  );
  await storeCheckResults(
    db,
    minutes.map((result) => ({ shard, ...result })),
    30,
  );
  const filled = await readRollups();
  await client.query(`
    ALTER TABLE rollups DROP COLUMN latencies, DROP COLUMN last_slot, DROP COLUMN last_outcome, DROP COLUMN last_reason, DROP COLUMN last_status_code;
    DELETE FROM _prisma_migrations WHERE migration_name = '20261122001000_rollup_latencies'`);
  await migrate(stores.url, MIGRATIONS);
  expect(filled.length).toBeGreaterThan(0);
  expect(await readRollups()).toEqual(filled);
});

test('rollups that change in one transaction stay on their pages, however full these are', async () => {
  const first = monitors + 1;
  monitors += 300;
  const settings = {
    ownerId,
    name: 'herd',
    url: 'http://target/',
    intervalSeconds: 60,
    threshold: 3,
    shardCount: SHARD_COUNT,
  };
  await addNumberedMonitors(db, settings, first, monitors);
  await client.query(`UPDATE monitors SET created_at = now() - interval '1 day'`);
  const { rows: herd } = await client.query<{ id: string; shard: number }>(
    `SELECT id, shard FROM monitors WHERE name LIKE 'herd %'`,
  );
  const pages = async () => {
    const { rows } = await client.query<{ page: string }>(
      `SELECT tableoid::regclass || ' ' || (ctid::text::point)[0] AS page
       FROM rollups WHERE monitor_id = ANY($1) ORDER BY shard, monitor_id`,
      [herd.map(({ id }) => id)],
    );
    return rows.map(({ page }) => page);
  };
  const storeAll = (minute: number) =>
    storeCheckResults(
      db,
      herd.map(({ id, shard }) => ({ shard, ...toResult(id, { minute, kind: 3 }) })),
      30,
    );
  const firstOfAnHour = Math.ceil((3600 - (start % 3600)) / 60);
  await storeAll(firstOfAnHour);
  const before = await pages();
  await storeAll(firstOfAnHour + 1);
  expect(before).toHaveLength(herd.length);
  expect(await pages()).toEqual(before);
});
