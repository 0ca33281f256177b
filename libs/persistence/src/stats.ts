import type { MonitorLocation } from './checks.ts';
import { databaseNow } from './clock.ts';
import type { Queryable } from './db.ts';
import { LATENCIES_OF_SUCCESSES, percentilesOf } from './latency-histogram.ts';

/** The checks of a monitor with slots in (`from`, `to`]. */
export interface Stats {
  readonly from: Date;
  readonly to: Date;
  readonly successes: number;
  readonly failures: number;
  readonly unknown: number;
  /** Of the durations of the successes, in milliseconds; null when there are none. */
  readonly avg: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

const HOUR_MS = 3_600_000;
const SHARES = [0.5, 0.95, 0.99];

/**
 * Counts the checks of the last `periodSeconds` (at least an hour) by the database's clock: whole hours from the
 * rollups, the edges of the period from the rows. One statement sees one state of both, so the counts always equal
 * those of the rows. Percentiles are exact where no whole hour is in between, else as the histogram has them.
 */
export async function readStats(db: Queryable, monitor: MonitorLocation, periodSeconds: number): Promise<Stats> {
  const to = await databaseNow(db);
  const from = new Date(to.getTime() - periodSeconds * 1000);
  const firstHour = new Date(Math.floor(from.getTime() / HOUR_MS + 1) * HOUR_MS);
  const lastHour = new Date(Math.floor(to.getTime() / HOUR_MS) * HOUR_MS);
  const { latencies, percentiles, ...counts } = await readCounts(db, monitor, { from, firstHour, lastHour, to });
  const [p50 = null, p95 = null, p99 = null] = firstHour < lastHour ? percentilesOf(latencies, SHARES) : (percentiles ?? []);
  return { from, to, ...counts, p50, p95, p99 };
}

interface Period {
  readonly from: Date;
  readonly firstHour: Date;
  readonly lastHour: Date;
  readonly to: Date;
}

interface Counts {
  readonly successes: number;
  readonly failures: number;
  readonly unknown: number;
  readonly avg: number | null;
  readonly latencies: string;
  /** Of the rows at the edges; null when there are none. */
  readonly percentiles: number[] | null;
}

/** The moments are constants in the statement, so that it is planned for the partitions in which they lie and no others. */
async function readCounts(db: Queryable, monitor: MonitorLocation, { from, firstHour, lastHour, to }: Period): Promise<Counts> {
  const [counts] = await db.$queryRaw<[Counts]>`
    WITH edges AS (
      SELECT outcome, duration_ms FROM checks
      WHERE shard = ${monitor.shard}::int2 AND monitor_id = ${monitor.id}::uuid
        AND slot > ${from}::timestamptz AND slot < ${firstHour}::timestamptz
      UNION ALL
      SELECT outcome, duration_ms FROM checks
      WHERE shard = ${monitor.shard}::int2 AND monitor_id = ${monitor.id}::uuid
        AND slot >= ${lastHour}::timestamptz AND slot <= ${to}::timestamptz
    ), counts AS (
      SELECT successes, failures, unknown, success_duration_ms, latencies FROM rollups
      WHERE shard = ${monitor.shard}::int2 AND monitor_id = ${monitor.id}::uuid
        AND hour >= ${firstHour}::timestamptz AND hour < ${lastHour}::timestamptz
      UNION ALL
      SELECT count(*) FILTER (WHERE outcome = 'success'), count(*) FILTER (WHERE outcome = 'failure'),
             count(*) FILTER (WHERE outcome = 'unknown'), sum(duration_ms) FILTER (WHERE outcome = 'success'), ${LATENCIES_OF_SUCCESSES}
      FROM edges
    )
    SELECT sum(successes)::int4 AS successes, sum(failures)::int4 AS failures, sum(unknown)::int4 AS unknown,
           round(sum(success_duration_ms) / nullif(sum(successes), 0), 1)::float8 AS avg,
           sum(latencies)::text AS latencies,
           (SELECT percentile_disc(${SHARES}::float8[]) WITHIN GROUP (ORDER BY duration_ms) FROM edges WHERE outcome = 'success') AS percentiles
    FROM counts`;
  return counts;
}
