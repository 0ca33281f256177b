import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeCheckResults } from '@gomon/persistence/pipeline';
import type { CheckResult, Outcome } from '@gomon/domain';
import fc from 'fast-check';
import {
  pointersOf,
  readRow,
  register,
  startTestApi,
  type Client,
  type MonitorBody,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi({ MAX_MONITORS_PER_USER: '1000' });
  client = await api.signUp();
  await addOldPartitions();
});
afterAll(() => api.stop());

const PERIODS = { '1h': 3600, '24h': 86_400, '7d': 604_800, '30d': 2_592_000 };

interface StatsBody {
  readonly from: string;
  readonly to: string;
  readonly successes: number;
  readonly failures: number;
  readonly unknown: number;
  readonly uptimeRatio: number | null;
  readonly latencyMs: {
    avg: number | null;
    p50: number | null;
    p95: number | null;
    p99: number | null;
  };
}

/** Rows as old as the longest period: the database itself is new. */
async function addOldPartitions(): Promise<void> {
  await api.sql.query(`
    DO $$ BEGIN FOR shard IN 0..3 LOOP
      EXECUTE format('CREATE TABLE checks_s%s_old PARTITION OF checks_s%s FOR VALUES FROM (''2020-01-01'') TO (%L)', shard, shard,
        (SELECT date_trunc('day', now(), 'UTC') - interval '1 day'));
      EXECUTE format('CREATE TABLE rollups_s%s_old PARTITION OF rollups_s%s FOR VALUES FROM (''2020-01-01'') TO (%L)', shard, shard,
        (SELECT date_trunc('month', date_trunc('day', now(), 'UTC') - interval '1 day', 'UTC')));
    END LOOP; END $$`);
}

/** A monitor as old as the oldest of its checks. */
async function registerLongAgo(): Promise<MonitorBody> {
  const monitor = await register(client);
  await api.sql.query(`UPDATE monitors SET created_at = now() - interval '32 days' WHERE id = $1`, [
    monitor.id,
  ]);
  return monitor;
}

const readStats = async (monitor: MonitorBody, query = '') =>
  (await client.send<StatsBody>('GET', `/v1/monitors/${monitor.id}/stats${query}`)).body;

/** By definition: the rows in (from, to], and for some outside of the spans of all maintenance windows. */
async function countRows(
  monitor: MonitorBody,
  { from, to }: Pick<StatsBody, 'from' | 'to'>,
  isOutsideOnly = false,
): Promise<Omit<StatsBody, 'from' | 'to'>> {
  const { rows } = await api.sql.query<{ outcome: Outcome; duration_ms: number }>(
    `SELECT outcome, duration_ms FROM checks WHERE monitor_id = $1 AND slot > $2 AND slot <= $3
     AND (NOT $4 OR NOT EXISTS (SELECT FROM maintenance_spans WHERE slot >= from_at AND slot < until_at)) ORDER BY duration_ms`,
    [monitor.id, from, to, isOutsideOnly],
  );
  const count = (outcome: Outcome) => rows.filter((row) => row.outcome === outcome).length;
  const [successes, failures, unknown] = [count('success'), count('failure'), count('unknown')];
  const durations = rows.filter((row) => row.outcome === 'success').map((row) => row.duration_ms);
  const percentile = (part: number) => durations[Math.ceil(part * durations.length) - 1] ?? null;
  const sum = durations.reduce((total, duration) => total + duration, 0);
  return {
    successes,
    failures,
    unknown,
    uptimeRatio: successes + failures === 0 ? null : successes / (successes + failures),
    latencyMs: {
      avg: durations.length === 0 ? null : Math.round((10 * sum) / durations.length) / 10,
      p50: percentile(0.5),
      p95: percentile(0.95),
      p99: percentile(0.99),
    },
  };
}

async function expectCounted(monitor: MonitorBody, isOutsideOnly = false): Promise<void> {
  for (const [period, seconds] of Object.entries(PERIODS)) {
    const query = `?period=${period}${isOutsideOnly ? '&maintenance=exclude' : ''}`;
    const { latencyMs, from, to, ...counts } = await readStats(monitor, query);
    expect(Date.parse(to) - Date.parse(from)).toBe(seconds * 1000);
    const { latencyMs: exact, ...counted } = await countRows(monitor, { from, to }, isOutsideOnly);
    expect(counts).toEqual(counted);
    expect(latencyMs.avg).toBe(exact.avg);
    for (const name of ['p50', 'p95', 'p99'] as const)
      expectPercentile(latencyMs[name], exact[name], period === '1h');
  }
}

function expectPercentile(told: number | null, exact: number | null, isExact: boolean): void {
  if (told === null || exact === null || isExact || exact < 32) expect(told).toBe(exact);
  else expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact / 32);
}

function toResult(
  monitorId: string,
  slot: number,
  outcome: Outcome,
  durationMs: number,
): CheckResult {
  const reason = outcome === 'success' ? null : outcome === 'failure' ? 'timeout' : 'internal';
  return {
    monitorId,
    slot,
    outcome,
    statusCode: null,
    reason,
    durationMs,
    checkedAt: slot * 1000 + 500,
  };
}

const now = () => Math.floor(Date.now() / 1000);

/** Ages of checks in seconds: near every edge that a period or an hour has, or anywhere. */
const age = fc.oneof(
  fc.integer({ min: -5, max: 7300 }),
  ...Object.values(PERIODS).map((seconds) =>
    fc.integer({ min: seconds - 3700, max: seconds + 3700 }),
  ),
  fc.integer({ min: 0, max: 31 * 86_400 }),
  fc.nat({ max: 800 }).map((hours) => (now() % 3600) + hours * 3600),
);
const check = fc.record({
  age,
  outcome: fc.constantFrom<Outcome>('success', 'success', 'failure', 'unknown'),
  durationMs: fc.integer({ min: 0, max: 60_000 }),
});

describe('statistics', () => {
  test('equal the counted rows, whatever rows there are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(check, { maxLength: 60, selector: (c) => c.age }),
        async (checks) => {
          const monitor = await registerLongAgo();
          const { shard } = await readRow(api, monitor);
          const until = now();
          const results = checks.map((c) =>
            toResult(monitor.id, until - c.age, c.outcome, c.durationMs),
          );
          await storeCheckResults(
            api.db,
            results.map((result) => ({ shard, ...result })),
            40,
          );
          await expectCounted(monitor);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('leave out the checks in maintenance windows when they are asked to', async () => {
    const span = fc.record({ age, durationSeconds: fc.integer({ min: 60, max: 200_000 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(check, { minLength: 1, maxLength: 40, selector: (c) => c.age }),
        fc.uniqueArray(span, { maxLength: 4, selector: (s) => s.age }),
        async (checks, spans) => {
          await api.sql.query('DELETE FROM maintenance_windows');
          const monitor = await registerLongAgo();
          const { shard } = await readRow(api, monitor);
          const until = now();
          const window = await client.send<{ id: string }>('POST', '/v1/maintenance-windows', {
            name: 'x',
            monitorId: monitor.id,
            startsAt: '2100-01-01T00:00:00Z',
            durationSeconds: 60,
          });
          for (const { age, durationSeconds } of spans) {
            const times = [until - age, until - age + durationSeconds];
            await api.sql.query(
              'INSERT INTO maintenance_spans VALUES ($1, to_timestamp($2), to_timestamp($3))',
              [window.body.id, ...times],
            );
          }
          const results = checks.map((c) =>
            toResult(monitor.id, until - c.age, c.outcome, c.durationMs),
          );
          await storeCheckResults(
            api.db,
            results.map((result) => ({ shard, ...result })),
            40,
          );
          await expectCounted(monitor, true);
          await expectCounted(monitor);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('equal the counted rows while results stream in', async () => {
    const monitor = await registerLongAgo();
    const { shard } = await readRow(api, monitor);
    const until = now();
    let done = false;
    const stream = async () => {
      for (let batch = 0; batch < 60; batch++) {
        const results = Array.from({ length: 50 }, (_, i) =>
          toResult(monitor.id, until - (batch * 50 + i) * 28, i % 4 ? 'success' : 'failure', i),
        );
        await storeCheckResults(
          api.db,
          results.map((result) => ({ shard, ...result })),
          40,
        );
      }
      done = true;
    };
    const watch = async () => {
      let seen = 0;
      while (!done) {
        const { successes, failures, unknown } = await readStats(monitor);
        expect(successes + failures + unknown).toBeGreaterThanOrEqual(seen);
        expect((successes + failures) % 50).toBe(0);
        expect(failures).toBe(Math.round((successes + failures) * 0.26));
        seen = successes + failures;
      }
    };
    await Promise.all([stream(), watch()]);
    await expectCounted(monitor);
  });

  test('cover 24 hours unless asked otherwise, and say nothing of a monitor without checks', async () => {
    const stats = await readStats(await register(client));
    expect(Date.parse(stats.to) - Date.parse(stats.from)).toBe(86_400_000);
    expect(stats).toMatchObject({
      successes: 0,
      failures: 0,
      unknown: 0,
      uptimeRatio: null,
      latencyMs: { avg: null, p50: null, p95: null, p99: null },
    });
  });

  test.each(['period=2h', 'period=', 'period=24H', 'period=1h&period=24h'])(
    'are refused for ?%s',
    async (query) => {
      const monitor = await register(client);
      expect(
        pointersOf(await client.send('GET', `/v1/monitors/${monitor.id}/stats?${query}`)),
      ).toEqual(['/period']);
    },
  );
});
