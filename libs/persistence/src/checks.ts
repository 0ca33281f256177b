import type { Outcome, Reason } from '@gomon/domain';
import type { Queryable } from './db.ts';

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
  readonly durationMs: number | null;
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
export async function listChecks(db: Queryable, monitor: MonitorLocation, filter: CheckFilter): Promise<CheckRow[]> {
  return db.check.findMany({
    where: {
      shard: monitor.shard,
      monitorId: monitor.id,
      AND: [{ slot: { gte: filter.from, lte: filter.to } }, { slot: { lt: filter.before } }],
      outcome: filter.outcome,
    },
    select: { slot: true, outcome: true, statusCode: true, reason: true, durationMs: true, checkedAt: true },
    orderBy: { slot: 'desc' },
    take: filter.limit,
  });
}
