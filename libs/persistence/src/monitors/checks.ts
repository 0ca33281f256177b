import type { Cause, Outcome, Phases, Reason } from '@gomon/domain';
import { databaseNow } from '../db/clock.ts';
import type { Queryable } from '../db/db.ts';
import { unpackPhases } from '../pipeline/fast/phase-shares.ts';

/** A monitor and where its rows are. */
export interface MonitorLocation {
  readonly id: string;
  readonly shard: number;
}

/** A row of `checks`. */
export interface CheckRow {
  readonly slot: Date;
  readonly outcome: Outcome;
  readonly statusCode: number | null;
  readonly reason: Reason | null;
  readonly cause: Cause | null;
  readonly causeDetail: string | null;
  readonly durationMs: number | null;
  readonly phases: Phases | null;
  readonly checkedAt: Date;
}

export interface CheckFilter {
  /** Both bounds are part of the range. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly outcome?: Outcome | undefined;
  /** Only slots before this one. */
  readonly before?: Date | undefined;
  readonly limit: number;
}

/** The checks of a monitor, newest first. */
export async function listChecks(
  db: Queryable,
  monitor: MonitorLocation,
  filter: CheckFilter,
): Promise<CheckRow[]> {
  const rows = await db.check.findMany({
    where: {
      shard: monitor.shard,
      monitorId: monitor.id,
      AND: [{ slot: { gte: filter.from, lte: filter.to } }, { slot: { lt: filter.before } }],
      outcome: filter.outcome,
    },
    select: {
      slot: true,
      outcome: true,
      statusCode: true,
      reason: true,
      cause: true,
      causeDetail: true,
      durationMs: true,
      phases: true,
      checkedAt: true,
    },
    orderBy: { slot: 'desc' },
    take: filter.limit,
  });
  return rows.map((row) => ({
    ...row,
    cause: row.cause as Cause | null,
    phases: unpackPhases(row.phases, row.durationMs),
  }));
}

/** Which checks of a span said something of their target: slots in seconds since the epoch, in order. */
export interface KnownHistory {
  readonly from: number;
  readonly to: number;
  readonly slots: readonly number[];
  /** Those of the slots whose checks failed. */
  readonly failures: readonly number[];
}

/** The last `seconds` by the database's clock, and `before` seconds before them, from which slots are included. */
export async function readKnownHistory(
  db: Queryable,
  monitor: MonitorLocation,
  { seconds, before }: { seconds: number; before: number },
): Promise<KnownHistory> {
  const to = Math.floor((await databaseNow(db)).getTime() / 1000);
  const from = to - seconds;
  const [history] = await db.$queryRaw<[Pick<KnownHistory, 'slots' | 'failures'>]>`
    SELECT coalesce(array_agg(at ORDER BY at), '{}') AS slots, coalesce(array_agg(at ORDER BY at) FILTER (WHERE failed), '{}') AS failures
    FROM (
      SELECT extract(epoch FROM slot)::float8 AS at, outcome = 'failure' AS failed FROM checks
      WHERE shard = ${monitor.shard}::int2 AND monitor_id = ${monitor.id}::uuid AND outcome <> 'unknown'
        AND slot > ${new Date((from - before) * 1000)}::timestamptz AND slot <= ${new Date(to * 1000)}::timestamptz
    ) AS known`;
  return { from, to, ...history };
}
