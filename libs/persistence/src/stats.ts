import type { MonitorLocation } from './checks.ts';
import type { Queryable } from './db.ts';

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

/**
 * Counts the checks of the last `periodSeconds` (at least an hour) by the database's clock: whole hours from the
 * rollups, the edges of the period from the rows. One statement sees one state of both, so the counts always equal
 * those of the rows. Percentiles are taken from the rows.
 */
export async function readStats(db: Queryable, monitor: MonitorLocation, periodSeconds: number): Promise<Stats> {
  const [stats] = await db.$queryRaw<[Stats]>`
    WITH period AS MATERIALIZED (
      SELECT t.from, t.to, date_trunc('hour', t.from) + interval '1 hour' AS first_hour, date_trunc('hour', t.to) AS last_hour
      FROM (SELECT now() - make_interval(secs => ${periodSeconds}) AS from, now() AS to) AS t
    ), edges AS (
      SELECT outcome, duration_ms FROM period p JOIN checks c ON c.slot > p.from AND c.slot < p.first_hour
      WHERE c.shard = ${monitor.shard}::int2 AND c.monitor_id = ${monitor.id}::uuid
      UNION ALL
      SELECT outcome, duration_ms FROM period p JOIN checks c ON c.slot >= p.last_hour AND c.slot <= p.to
      WHERE c.shard = ${monitor.shard}::int2 AND c.monitor_id = ${monitor.id}::uuid
    ), counts AS (
      SELECT successes, failures, unknown, success_duration_ms
      FROM period p JOIN rollups r ON r.hour >= p.first_hour AND r.hour < p.last_hour
      WHERE r.shard = ${monitor.shard}::int2 AND r.monitor_id = ${monitor.id}::uuid
      UNION ALL
      SELECT count(*) FILTER (WHERE outcome = 'success'), count(*) FILTER (WHERE outcome = 'failure'),
             count(*) FILTER (WHERE outcome = 'unknown'), sum(duration_ms) FILTER (WHERE outcome = 'success')
      FROM edges
    ), totals AS (
      SELECT sum(successes)::int4 AS successes, sum(failures)::int4 AS failures, sum(unknown)::int4 AS unknown,
             round(sum(success_duration_ms) / nullif(sum(successes), 0), 1)::float8 AS avg
      FROM counts
    ), percentiles AS (
      SELECT percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY duration_ms) AS p
      FROM period JOIN checks c ON c.slot > period.from AND c.slot <= period.to
      WHERE c.shard = ${monitor.shard}::int2 AND c.monitor_id = ${monitor.id}::uuid AND c.outcome = 'success'
    )
    SELECT period.from, period.to, totals.*, p[1] AS p50, p[2] AS p95, p[3] AS p99 FROM period, totals, percentiles`;
  return stats;
}
