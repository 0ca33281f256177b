import type { MonitorLocation } from '../monitors/checks.ts';
import { databaseNow } from '../db/clock.ts';
import { readRow, type Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';
import { LATENCIES_OF_SUCCESSES, percentilesOf } from '../pipeline/fast/latency-histogram.ts';

/** The checks of a monitor with slots in (`from`, `to`]. */
export interface Stats {
  readonly from: Date;
  readonly to: Date;
  readonly successes: number;
  readonly failures: number;
  readonly unknown: number;
  /** Of the successes' durations, in milliseconds; null without successes. */
  readonly avg: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

const HOUR_MS = 3_600_000;
const SHARES = [0.5, 0.95, 0.99];

/**
 * Counts the checks of the last `periodSeconds` (at least an hour) by the database's clock: whole
 * hours from the rollups, the edges from the rows. One statement sees one state of both, so the
 * counts always equal those of the rows. Percentiles are exact without a whole hour in between,
 * otherwise from the histogram. `withoutMaintenance` excludes checks in maintenance windows; hours
 * that touch one are counted from the rows.
 */
export async function readStats(
  db: Queryable,
  monitor: MonitorLocation,
  periodSeconds: number,
  withoutMaintenance = false,
): Promise<Stats> {
  const to = await databaseNow(db);
  const from = new Date(to.getTime() - periodSeconds * 1000);
  const firstHour = new Date(Math.floor(from.getTime() / HOUR_MS + 1) * HOUR_MS);
  const lastHour = new Date(Math.floor(to.getTime() / HOUR_MS) * HOUR_MS);
  const period = { from, firstHour, lastHour, to };
  const { latencies, percentiles, ...counts } = await readCounts(
    db,
    monitor,
    period,
    withoutMaintenance,
  );
  const [p50 = null, p95 = null, p99 = null] =
    latencies === null ? (percentiles ?? []) : percentilesOf(latencies, SHARES);
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
  /** The histogram of the successes' durations; null without a whole hour in between. */
  readonly latencies: string | null;
  /** The successes' durations without a whole hour in between; null when there are none. */
  readonly percentiles: number[] | null;
}

/** Times are constants in the statement, so the planner uses only the partitions that hold them. */
async function readCounts(
  db: Queryable,
  monitor: MonitorLocation,
  { from, firstHour, lastHour, to }: Period,
  withoutMaintenance: boolean,
): Promise<Counts> {
  const rows = Prisma.sql`shard = ${monitor.shard}::int2 AND monitor_id = ${monitor.id}::uuid`;
  const hasWholeHours = firstHour < lastHour;
  const outside = withoutMaintenance ? OUTSIDE : Prisma.empty;
  const touchedHours = Prisma.sql`
      UNION ALL
      SELECT outcome, duration_ms FROM checks
      WHERE ${rows} AND slot >= ${firstHour}::timestamptz AND slot < ${lastHour}::timestamptz AND NOT ${UNTOUCHED_HOUR_OF_SLOT} ${OUTSIDE}`;
  return readRow<Counts>(
    db,
    Prisma.sql`
    WITH ${withoutMaintenance ? spansOf(monitor, from) : Prisma.empty} edges AS (
      SELECT outcome, duration_ms FROM checks
      WHERE ${rows} AND slot > ${from}::timestamptz AND slot < ${firstHour}::timestamptz ${outside}
      UNION ALL
      SELECT outcome, duration_ms FROM checks
      WHERE ${rows} AND slot >= ${lastHour}::timestamptz AND slot <= ${to}::timestamptz ${outside}
      ${withoutMaintenance ? touchedHours : Prisma.empty}
    ), counts AS (
      SELECT successes, failures, unknown, success_duration_ms, latencies FROM rollups
      WHERE ${rows} AND hour >= ${firstHour}::timestamptz AND hour < ${lastHour}::timestamptz
        ${withoutMaintenance ? Prisma.sql`AND ${UNTOUCHED_HOUR}` : Prisma.empty}
      UNION ALL
      SELECT count(*) FILTER (WHERE outcome = 'success'), count(*) FILTER (WHERE outcome = 'failure'),
             count(*) FILTER (WHERE outcome = 'unknown'), sum(duration_ms) FILTER (WHERE outcome = 'success'),
             ${hasWholeHours ? LATENCIES_OF_SUCCESSES : Prisma.sql`0`}
      FROM edges
    )
    SELECT coalesce(sum(successes), 0)::int4 AS successes, coalesce(sum(failures), 0)::int4 AS failures,
           coalesce(sum(unknown), 0)::int4 AS unknown,
           round(sum(success_duration_ms) / nullif(sum(successes), 0), 1)::float8 AS avg,
           ${hasWholeHours ? Prisma.sql`sum(latencies)::text` : Prisma.sql`NULL`} AS latencies,
           ${hasWholeHours ? Prisma.sql`NULL` : PERCENTILES_OF_EDGES} AS percentiles
    FROM counts`,
  );
}

const PERCENTILES_OF_EDGES = Prisma.sql`(
             SELECT percentile_disc(${SHARES}::float8[]) WITHIN GROUP (ORDER BY duration_ms) FROM edges WHERE outcome = 'success')`;

/** The maintenance windows of a monitor that end after `from`. */
function spansOf({ id }: MonitorLocation, from: Date): Prisma.Sql {
  return Prisma.sql`spans AS MATERIALIZED (
      SELECT s.from_at, s.until_at FROM monitors m
      JOIN maintenance_windows w ON w.user_id = m.user_id AND (w.monitor_id IS NULL OR w.monitor_id = m.id)
      JOIN maintenance_spans s ON s.window_id = w.id
      WHERE m.id = ${id}::uuid AND s.until_at > ${from}::timestamptz
    ),`;
}

const OUTSIDE = Prisma.sql`AND NOT EXISTS (SELECT FROM spans WHERE slot >= from_at AND slot < until_at)`;
const UNTOUCHED_HOUR = Prisma.sql`NOT EXISTS (SELECT FROM spans WHERE from_at < hour + interval '1 hour' AND until_at > hour)`;
const UNTOUCHED_HOUR_OF_SLOT = Prisma.sql`NOT EXISTS (
        SELECT FROM spans WHERE from_at < date_trunc('hour', slot) + interval '1 hour' AND until_at > date_trunc('hour', slot))`;
