import { phaseOf } from '@gomon/domain';
import { createTestDatabase, type TestDatabase } from '@gomon/test-support';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  addNumberedMonitors,
  createUser,
  findMonitor,
  listAlerts,
  listChecks,
  listMonitors,
  listMonitorNews,
  listOpenAlerts,
  listOverview,
  countStatuses,
  readDays,
  readKnownHistory,
  readLatency,
  readNewestSpells,
  readSpells,
  readStats,
  type MonitorLocation,
} from '../src/index.ts';
import {
  alertStates,
  dueChecks,
  findOvertaken,
  knownChecks,
  knownSlots,
  storeCheckResults,
  type ShardResult,
  takeImmediateChecks,
} from '../src/pipeline/index.ts';
import { openExplained, type Explained, type Scan } from './explained.ts';

const SHARD_COUNT = 4;
const DAYS = 31;
const MONITORS = 4000;
/** Monitors of the shard under test with checks, one every ten minutes; a batch has those of a few. */
const CHECKED = 40;
const BATCH = 5;
const shard = 1;
let database: TestDatabase;
let explained: Explained;
let ownerId: string;
let monitors: MonitorLocation[];

/** A month of partitions of every shard, and rows in those of one: the planner's choices. */
beforeAll(async () => {
  database = await createTestDatabase();
  explained = openExplained(database.url);
  ownerId = (await createUser(explained.db, { username: 'ada', passwordHash: 'none' })).id;
  const settings = {
    ownerId,
    name: 'site',
    url: 'http://target/',
    intervalSeconds: 60,
    threshold: 3,
    shardCount: SHARD_COUNT,
  };
  await addNumberedMonitors(explained.db, settings, 1, MONITORS);
  const checked = await explained.db.monitor.findMany({
    where: { shard },
    select: { id: true, shard: true },
    take: CHECKED,
  });
  monitors = checked.slice(0, BATCH);
  const client = new pg.Client({ connectionString: database.url, options: '-c timezone=UTC' });
  await client.connect();
  await client.query(addOldPartitions);
  await client.query(addRows, [checked.map(({ id }) => id)]);
  await client.query(`
    INSERT INTO channels (id, user_id, kind, name, settings) SELECT gen_random_uuid(), id, 'webhook', 'any', '{}' FROM users;
    INSERT INTO monitor_channels (monitor_id, channel_id) SELECT m.id, c.id FROM monitors m, channels c;
    INSERT INTO alerts (id, monitor_id, user_id, opened_at, resolved_at, failures, threshold, window_seconds)
    SELECT gen_random_uuid(), id, user_id, now() - make_interval(hours => n), now() - make_interval(hours => n, mins => -30), 4, 3, 300
    FROM monitors, generate_series(1, 3) AS n;
    WITH others AS (
      INSERT INTO users (id, username, password_hash) SELECT gen_random_uuid(), 'user ' || n, '' FROM generate_series(1, 5000) AS n RETURNING id
    ), windows AS (
      INSERT INTO maintenance_windows (id, user_id, name, starts_at, duration_seconds, time_zone, spans_through)
      SELECT gen_random_uuid(), id, 'any', now(), 3600, 'UTC', now() FROM others RETURNING id
    )
    INSERT INTO maintenance_spans (window_id, from_at, until_at) SELECT id, now() + make_interval(hours => n), now() + make_interval(hours => n + 1)
    FROM windows, generate_series(1, 5) AS n`);
  await client.query('ANALYZE');
  await client.end();
});
afterAll(async () => {
  await explained.close();
  await database.drop();
});

const addOldPartitions = `
  DO $$ BEGIN FOR shard IN 0..${SHARD_COUNT - 1} LOOP
    FOR day IN 2..${DAYS} LOOP
      EXECUTE format('CREATE TABLE checks_s%s_old%s PARTITION OF checks_s%s FOR VALUES FROM (%L) TO (%L)', shard, day, shard,
        date_trunc('day', now()) - make_interval(days => day), date_trunc('day', now()) - make_interval(days => day - 1));
    END LOOP;
    FOR month IN 1..2 LOOP
      IF to_regclass(format('rollups_s%s_%s', shard, to_char(now() - make_interval(months => month), 'YYYYMM'))) IS NULL THEN
        EXECUTE format('CREATE TABLE rollups_s%s_old%s PARTITION OF rollups_s%s FOR VALUES FROM (%L) TO (%L)', shard, month, shard,
          date_trunc('month', now()) - make_interval(months => month), date_trunc('month', now()) - make_interval(months => month - 1));
      END IF;
    END LOOP;
  END LOOP; END $$`;
const addRows = `
  WITH added AS (
    INSERT INTO checks (shard, monitor_id, slot, checked_at, duration_ms, outcome)
    SELECT ${shard}, id, slot, slot, 10, 'success'
    FROM generate_series(date_trunc('day', now()) - interval '${DAYS - 1} days', date_trunc('day', now()) + interval '8 days' - interval '1 second', interval '10 minutes') AS slot, unnest($1::uuid[]) AS id
    RETURNING *
  )
  INSERT INTO rollups (shard, monitor_id, hour, successes, failures, unknown, success_duration_ms, last_slot, last_outcome)
  SELECT shard, monitor_id, date_trunc('hour', slot), count(*), 0, 0, sum(duration_ms), max(slot), 'success' FROM added GROUP BY 1, 2, 3`;

/** Partitions of a table in the plan; `executed` counts those that were read. */
function partitionsOf(
  table: 'checks' | 'rollups',
  scans: readonly Scan[],
): { planned: number; executed: number } {
  const own = scans.filter((scan) => scan.table.startsWith(`${table}_`));
  const count = (some: readonly Scan[]) => new Set(some.map((scan) => scan.table)).size;
  return { planned: count(own), executed: count(own.filter((scan) => scan.executed)) };
}

/** Every table is read through an index; partitions of other months or days are not even planned. */
function expectFrugal(scans: readonly Scan[], most: { checks?: number; rollups?: number }): void {
  expect(scans.filter((scan) => scan.executed && scan.index === null)).toEqual([]);
  expect(partitionsOf('checks', scans).planned).toBeLessThanOrEqual(most.checks ?? 0);
  expect(partitionsOf('rollups', scans).planned).toBeLessThanOrEqual(most.rollups ?? 0);
}

const indexesOf = (scans: readonly Scan[]) => [...new Set(scans.map((scan) => scan.index))].sort();
const now = () => Math.floor(Date.now() / 1000);
const since = (seconds: number) =>
  monitors.map(({ id }) => ({ monitorId: id, from: now() - seconds, after: now() - seconds }));
const results = (slot: number, of = monitors) =>
  of.map(({ id }): ShardResult => ({
    shard,
    monitorId: id,
    slot,
    outcome: 'success',
    statusCode: 200,
    reason: null,
    durationMs: 10,
    checkedAt: slot * 1000,
  }));
const anyOne = () => monitors[0] as MonitorLocation;
/** Two days: a span of hours may cross midnight, and a check may be a second ahead. */
const SPAN = 2;

describe('dispatch', () => {
  test('reads due monitors through an index on their phase', async () => {
    const slot = now();
    const due = [{ shard, intervalSeconds: 60, phase: phaseOf(anyOne().id, 60), slot }];
    const scans = await explained.scansOf(() => dueChecks(explained.db, due));
    expect(indexesOf(scans)).toEqual(['monitors_due_idx']);
  });

  test('reads immediate slots through an index of only these', async () => {
    const scans = await explained.scansOf(() =>
      takeImmediateChecks(explained.db, [shard], now(), 1000),
    );
    expect(indexesOf(scans)).toContain('monitors_immediate_idx');
    expectFrugal(scans, {});
  });
});

describe('ingestion', () => {
  test("inserts without reading any rows but the monitors'", async () => {
    let slot = now() - 600;
    const scans = await explained.scansOf(() =>
      storeCheckResults(explained.db, results(++slot), 30),
    );
    expect(scans.map(({ table, index }) => [table, index])).toEqual([
      ['monitors', 'monitors_pkey'],
    ]);
  });

  test('looks up the monitors of a large batch one by one, also on a new connection', async () => {
    const fresh = openExplained(database.url);
    const all = await fresh.db.monitor.findMany({
      where: { shard },
      select: { id: true, shard: true },
    });
    const scans = await fresh.scansOf(
      () => storeCheckResults(fresh.db, results(now() - 300, all), 30),
      0,
    );
    await fresh.close();
    expect(scans.map(({ table, index }) => [table, index])).toEqual([
      ['monitors', 'monitors_pkey'],
    ]);
  });

  test('reads existing checks from the partitions of their days', async () => {
    const slot = now() - 60;
    await storeCheckResults(explained.db, results(slot), 30);
    const scans = await explained.scansOf(() => storeCheckResults(explained.db, results(slot), 30));
    expectFrugal(scans, { checks: 1 });
    expect(scans).not.toEqual([]);
  });

  test.each([
    [
      'open alerts and rules',
      () =>
        alertStates(
          explained.db,
          monitors.map(({ id }) => id),
          monitors.map(({ id }) => id),
        ),
      0,
    ],
    ['overtaken checks', () => findOvertaken(explained.db, shard, results(now() - 3600)), SPAN],
    ['the slots of a window', () => knownSlots(explained.db, shard, since(300)), SPAN],
    ["reconciling's replay", () => knownChecks(explained.db, shard, since(600)), SPAN],
  ])('reads %s through an index', async (_, read, days) => {
    // Without an upper bound on the slots, those of the coming week are planned.
    const scans = await explained.scansOf(read);
    expectFrugal(scans, { checks: days === 0 ? 0 : days + 7 });
    expect(scans).not.toEqual([]);
  });
});

describe('the api', () => {
  test.each([
    ['1h', 3600, 2, 0],
    ['24h', 86_400, 2, 2],
    ['7d', 604_800, 2, 2],
    ['30d', 2_592_000, 2, 3],
  ])(
    'counts %s from the edges of the period and the rollups of its months',
    async (_, seconds, days, months) => {
      const scans = await explained.scansOf(() => readStats(explained.db, anyOne(), seconds));
      expectFrugal(scans, { checks: days, rollups: months });
      expect(partitionsOf('checks', scans).executed).toBeGreaterThan(0);
    },
  );

  test('lists checks from the newest day, and no further back than the page reaches', async () => {
    const scans = await explained.scansOf(() =>
      listChecks(explained.db, anyOne(), { limit: 20, to: new Date() }),
    );
    expect(partitionsOf('checks', scans).executed).toBeLessThanOrEqual(SPAN);
    expect(scans.filter((scan) => scan.executed && scan.index === null)).toEqual([]);
  });

  test('lists checks of a span from the partitions of its days', async () => {
    const from = new Date((now() - 10 * 86_400) * 1000);
    const to = new Date((now() - 9 * 86_400) * 1000);
    expectFrugal(
      await explained.scansOf(() => listChecks(explained.db, anyOne(), { limit: 50, from, to })),
      { checks: SPAN },
    );
  });

  test('lists monitors with the newest rollup of each, without reading checks', async () => {
    const scans = await explained.scansOf(() => listMonitors(explained.db, ownerId, { limit: 51 }));
    const { executed } = partitionsOf('rollups', scans);
    expect(executed).toBeLessThanOrEqual(SHARD_COUNT * 5);
    expectFrugal(scans, { rollups: SHARD_COUNT * 5 });
    expect(indexesOf(scans)).toContain('monitors_user_id_created_at_id_idx');
  });

  test('reads one monitor, with the newest rollup of its shard', async () => {
    const scans = await explained.scansOf(() => findMonitor(explained.db, ownerId, anyOne().id));
    expect(partitionsOf('rollups', scans).executed).toBeLessThanOrEqual(2);
    expectFrugal(scans, { rollups: SHARD_COUNT * 5 });
  });

  test('shows a page of the overview through indexes, from the newest days and rollups', async () => {
    const scans = await explained.scansOf(() => listOverview(explained.db, ownerId, { limit: 51 }));
    // The other shards are empty, so an index there gains nothing.
    expect(
      scans.filter(
        ({ executed, index, table }) => executed && index === null && !/_s[023]_/.test(table),
      ),
    ).toEqual([]);
    expect(partitionsOf('checks', scans).planned).toBeLessThanOrEqual(SHARD_COUNT * (SPAN + 1));
    expect(indexesOf(scans)).toContain('monitors_user_id_created_at_id_idx');
  });

  test('counts monitors by status without reading checks', async () => {
    const scans = await explained.scansOf(() => countStatuses(explained.db, ownerId));
    expect(partitionsOf('checks', scans).planned).toBe(0);
    expect(
      scans.filter(
        ({ table, executed, index }) => executed && index === null && table.startsWith('rollups'),
      ),
    ).toEqual([]);
  });

  test('finds news for listeners in the rollups of these hours', async () => {
    const scans = await explained.scansOf(() => listMonitorNews(explained.db, [ownerId], 120));
    expect(partitionsOf('checks', scans).planned).toBe(0);
    expect(
      scans.filter(
        ({ table, executed, index }) => executed && index === null && table.startsWith('rollups'),
      ),
    ).toEqual([]);
    expect(
      indexesOf(await explained.scansOf(() => listOpenAlerts(explained.db, [ownerId]))),
    ).toEqual(['alerts_open_key', 'monitors_pkey']);
  });

  test.each([
    ['rows', 86_400, 900, { checks: 2 }],
    ['rollups', 2_592_000, 21_600, { rollups: 3 }],
  ])('draws latency from the %s of its period', async (_, seconds, bucket, most) => {
    expectFrugal(
      await explained.scansOf(() => readLatency(explained.db, anyOne(), seconds, bucket)),
      most,
    );
  });

  test('previews a rule from the partitions of its week', async () => {
    const span = { seconds: 7 * 86_400, before: 300 };
    expectFrugal(await explained.scansOf(() => readKnownHistory(explained.db, anyOne(), span)), {
      checks: 9,
    });
  });

  test('counts the days of a status page from the rollups of its months', async () => {
    const [from, to] = [new Date(Date.now() - 30 * 86_400_000), new Date()];
    expectFrugal(await explained.scansOf(() => readDays(explained.db, monitors, from, to)), {
      rollups: SHARD_COUNT * 3,
    });
  });

  test('finds the days of a status page with an alert through an index of their monitor', async () => {
    const ids = monitors.map(({ id }) => id);
    const from = new Date(Date.now() - 30 * 86_400_000);
    for (const read of [
      () => readSpells(explained.db, ids, from, new Date()),
      () => readNewestSpells(explained.db, ids, from, 10),
    ]) {
      const scans = (await explained.scansOf(read)).filter(({ table }) => table === 'alerts');
      expect(indexesOf(scans)).toContain('alerts_monitor_id_opened_at_id_idx');
      expect(scans.filter(({ index }) => index === null)).toEqual([]);
    }
  });

  test('lists alerts through an index of their owner', async () => {
    const scans = await explained.scansOf(() => listAlerts(explained.db, ownerId, { limit: 51 }));
    expect(indexesOf(scans)).toEqual(['alerts_user_id_opened_at_id_idx', 'monitors_pkey']);
  });
});
