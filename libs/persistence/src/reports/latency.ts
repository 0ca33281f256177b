import type { Phases } from '@gomon/domain';
import type { MonitorLocation } from '../monitors/checks.ts';
import { databaseNow } from '../db/clock.ts';
import type { Queryable } from '../db/db.ts';
import { percentilesOf } from '../pipeline/fast/latency-histogram.ts';
import { meansOf, PHASES_OF_SUCCESS, SUMS_OF_PHASES } from '../pipeline/fast/phase-shares.ts';

/** The checks of a monitor with slots in [`at`, `at` + the width of a bucket). */
export interface LatencyPoint {
  readonly at: Date;
  /** Successes and failures. */
  readonly count: number;
  readonly failures: number;
  /** Of the successes' durations, in milliseconds; null without successes. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Their mean. */
  readonly avgMs: number | null;
  /** The mean phases of successes that report them; null when none does. */
  readonly phases: Phases | null;
}

const HOUR_SECONDS = 3600;
const SHARES = [0.5, 0.95, 0.99];

/**
 * The last `periodSeconds` by the database's clock, in buckets of this many seconds, only those
 * with checks, oldest first. Buckets of whole hours are counted from the rollups, others from the
 * rows.
 */
export async function readLatency(
  db: Queryable,
  monitor: MonitorLocation,
  periodSeconds: number,
  bucketSeconds: number,
): Promise<LatencyPoint[]> {
  const now = Math.floor((await databaseNow(db)).getTime() / 1000);
  const first = Math.floor((now - periodSeconds) / bucketSeconds + 1) * bucketSeconds;
  const span = { from: new Date(first * 1000), to: new Date(now * 1000), bucketSeconds };
  return bucketSeconds % HOUR_SECONDS === 0
    ? fromRollups(db, monitor, span)
    : fromRows(db, monitor, span);
}

interface Span {
  readonly from: Date;
  readonly to: Date;
  readonly bucketSeconds: number;
}

async function fromRows(
  db: Queryable,
  monitor: MonitorLocation,
  { from, to, bucketSeconds }: Span,
): Promise<LatencyPoint[]> {
  const rows = await db.$queryRaw<(Bucket & { percentiles: number[] | null })[]>`
    SELECT floor(extract(epoch FROM slot) / ${bucketSeconds}::int)::float8 AS bucket,
           count(*) FILTER (WHERE outcome <> 'unknown')::int4 AS count, count(*) FILTER (WHERE outcome = 'failure')::int4 AS failures,
           percentile_disc(${SHARES}::float8[]) WITHIN GROUP (ORDER BY duration_ms) FILTER (WHERE outcome = 'success') AS percentiles,
           (avg(duration_ms) FILTER (WHERE outcome = 'success'))::float8 AS "avgMs",
           count(phases)::int4 AS phased, ARRAY[${SUMS_OF_PHASES}]::float8[] AS sums
    FROM (
      SELECT slot, outcome, duration_ms, ${PHASES_OF_SUCCESS} AS phases FROM checks
      WHERE shard = ${monitor.shard}::int2 AND monitor_id = ${monitor.id}::uuid AND slot >= ${from}::timestamptz AND slot <= ${to}::timestamptz
    ) AS rows
    GROUP BY 1 ORDER BY 1`;
  return rows.map(({ percentiles, ...bucket }) =>
    toPoint(bucket, bucketSeconds, percentiles ?? []),
  );
}

async function fromRollups(
  db: Queryable,
  monitor: MonitorLocation,
  { from, to, bucketSeconds }: Span,
): Promise<LatencyPoint[]> {
  const rows = await db.$queryRaw<(Bucket & { latencies: string })[]>`
    SELECT floor(extract(epoch FROM hour) / ${bucketSeconds}::int)::float8 AS bucket,
           sum(successes + failures)::int4 AS count, sum(failures)::int4 AS failures, sum(latencies)::text AS latencies,
           (sum(success_duration_ms) / nullif(sum(successes), 0))::float8 AS "avgMs",
           sum(phased)::int4 AS phased, ARRAY[sum(dns_ms), sum(connect_ms), sum(tls_ms), sum(first_byte_ms)]::float8[] AS sums
    FROM rollups
    WHERE shard = ${monitor.shard}::int2 AND monitor_id = ${monitor.id}::uuid AND hour >= ${from}::timestamptz AND hour <= ${to}::timestamptz
    GROUP BY 1 ORDER BY 1`;
  return rows.map(({ latencies, ...bucket }) =>
    toPoint(bucket, bucketSeconds, percentilesOf(latencies, SHARES)),
  );
}

interface Bucket {
  readonly bucket: number;
  readonly count: number;
  readonly failures: number;
  readonly avgMs: number | null;
  /** Successes that report phases, and the sums of these. */
  readonly phased: number;
  readonly sums: readonly number[];
}

function toPoint(
  row: Bucket,
  seconds: number,
  percentiles: readonly (number | null)[],
): LatencyPoint {
  const { bucket, count, failures, avgMs } = row;
  const [p50Ms = null, p95Ms = null, p99Ms = null] = percentiles;
  const phases = meansOf(row.sums, row.phased);
  return {
    at: new Date(bucket * seconds * 1000),
    count,
    failures,
    p50Ms,
    p95Ms,
    p99Ms,
    avgMs,
    phases,
  };
}
