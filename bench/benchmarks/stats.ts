// Statistics of 24 hours and 30 days among ten million rows, of monitors that are checked once a minute and of some that are checked every
// 10 seconds: how long they take, what they cost against counting the rows, and whether they are what the rows say.
import { readStats, type Db, type MonitorLocation, type Stats } from '@gomon/persistence';
import { openBareInsert } from '../rig/bare-insert.ts';
import { median, quantile, type Benchmark, type Measurement } from '../benchmark.ts';
import { cpuTime } from '../figures/cpu-time.ts';
import { storeHistory } from '../rig/history.ts';
import { startIngestion, type Ingestion } from '../rig/ingestion.ts';

const DAY_SECONDS = 86_400;
const PERIODS = { '24h': DAY_SECONDS, '30d': 30 * DAY_SECONDS } as const;
const DAYS = 31;
/** Monitors of each shard by their interval: ten million rows, and some hundred thousand. */
const WHOLE = { perShard: { 60: 8, 10: 1 }, reads: 600, counts: 60 };
const REDUCED = { perShard: { 600: 2, 60: 1 }, reads: 200, counts: 30 };

export const benchmark: Benchmark = async function* ({ reduced, runs, say, signal }) {
  const { perShard, reads, counts } = reduced ? REDUCED : WHOLE;
  const ingestion = await startIngestion(
    Object.values(perShard).reduce((sum, count) => sum + count),
    say,
  );
  const bare = openBareInsert(ingestion.servers.connections.databaseUrl, 4);
  try {
    const { db, load, monitors } = ingestion;
    const to = Math.floor(Date.now() / 1000) - 60;
    const groups: { interval: string; locations: MonitorLocation[] }[] = [];
    let taken = 0;
    for (const [interval, count] of Object.entries(perShard)) {
      const chosen = monitors.map((ids) => ids.slice(taken, taken + count));
      const history = {
        monitors: chosen,
        from: to - DAYS * DAY_SECONDS,
        to,
        intervalSeconds: Number(interval),
      };
      const rows = await storeHistory(bare, load.sql, history, say);
      say(`  every ${interval} s: ${rows.toLocaleString('en')} rows`);
      groups.push({
        interval,
        locations: chosen.flatMap((ids, shard) => ids.map((id) => ({ id, shard }))),
      });
      taken += count;
    }
    for (const table of ['checks', 'rollups']) await load.sql.query(`VACUUM (ANALYZE) ${table}`);
    for (const { interval, locations } of groups) {
      for (const [period, seconds] of Object.entries(PERIODS)) {
        const what = `${period} of checks every ${interval} s`;
        const trials: Trial[] = [];
        for (let n = 0; n < runs && !signal.aborted; n++) {
          const read = await time(ingestion, locations, reads, (monitor) =>
            readStats(db, monitor, seconds),
          );
          const count = await time(ingestion, locations, counts, (monitor) =>
            countRows(db, monitor, seconds),
          );
          trials.push({ read, count });
        }
        yield* figures(what, trials, period === '30d' && !reduced);
        const exact = await shareOfExact(db, locations, seconds);
        yield {
          what: `${what}: equal to the count of the rows`,
          value: exact,
          unit: 'ratio',
          target: { atLeast: 1 },
        };
      }
    }
  } finally {
    await bare.stop();
    await ingestion.stop();
  }
};

interface Timing {
  readonly milliseconds: readonly number[];
  /** CPU time a time, in µs. */
  readonly client: number;
  readonly postgres: number;
}

interface Trial {
  readonly read: Timing;
  readonly count: Timing;
}

function* figures(what: string, trials: readonly Trial[], isLong: boolean): Generator<Measurement> {
  const of = (value: (trial: Trial) => number) => median(trials.map(value));
  const latency = (q: number) => ({
    what: `${what}: p${q * 100}`,
    value: of(({ read }) => quantile(read.milliseconds, q)),
    unit: 'ms',
    note: `counting rows: ${of(({ count }) => quantile(count.milliseconds, q)).toFixed(1)}`,
  });
  yield latency(0.5);
  yield latency(0.99);
  yield {
    what: `${what}: p99 against p50`,
    value: of(({ read }) => quantile(read.milliseconds, 0.99) / quantile(read.milliseconds, 0.5)),
    unit: 'ratio',
    target: { atMost: 3 },
  };
  const describe = ({ client, postgres }: Timing) =>
    `client ${Math.round(client)} + PostgreSQL ${Math.round(postgres)} µs`;
  yield {
    what: `${what}: cost of counting rows against its own`,
    value: of(({ read, count }) => (count.client + count.postgres) / (read.client + read.postgres)),
    unit: 'ratio',
    ...(isLong ? { target: { atLeast: 20 } } : {}),
    note: trials[0] ? `${describe(trials[0].count)} against ${describe(trials[0].read)}` : '',
  };
}

/** One after the other, each of another monitor. */
async function time(
  { servers }: Ingestion,
  monitors: readonly MonitorLocation[],
  times: number,
  read: (monitor: MonitorLocation) => Promise<unknown>,
): Promise<Timing> {
  const spent = () => ({
    client: cpuTime(process.pid),
    postgres: cpuTime(servers.postgres.pid, { family: true }),
  });
  const milliseconds: number[] = [];
  const before = spent();
  for (let n = 0; n < times; n++) {
    const startedAt = performance.now();
    await read(monitors[(n * 7919) % monitors.length] as MonitorLocation);
    milliseconds.push(performance.now() - startedAt);
  }
  const after = spent();
  return {
    milliseconds,
    client: (after.client - before.client) / times,
    postgres: (after.postgres - before.postgres) / times,
  };
}

type Counts = Pick<Stats, 'successes' | 'failures' | 'unknown'>;

async function countRows(
  db: Db,
  { id, shard }: MonitorLocation,
  seconds: number,
  to = new Date(),
): Promise<Counts> {
  const from = new Date(to.getTime() - seconds * 1000);
  const [counts] = await db.$queryRaw<[Counts]>`
    SELECT count(*) FILTER (WHERE outcome = 'success')::int4 AS successes, count(*) FILTER (WHERE outcome = 'failure')::int4 AS failures,
           count(*) FILTER (WHERE outcome = 'unknown')::int4 AS unknown
    FROM checks WHERE shard = ${shard}::int2 AND monitor_id = ${id}::uuid AND slot > ${from}::timestamptz AND slot <= ${to}::timestamptz`;
  return counts;
}

async function shareOfExact(
  db: Db,
  monitors: readonly MonitorLocation[],
  seconds: number,
): Promise<number> {
  let exact = 0;
  for (const monitor of monitors) {
    const stats = await readStats(db, monitor, seconds);
    const counts = await countRows(db, monitor, seconds, stats.to);
    if (
      counts.successes === stats.successes &&
      counts.failures === stats.failures &&
      counts.unknown === stats.unknown
    )
      exact++;
  }
  return exact / monitors.length;
}
