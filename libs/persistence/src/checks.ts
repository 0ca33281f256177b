import type { Outcome, Reason } from '@gomon/domain';
import { arrayLiteral } from './array-literal.ts';
import type { Queryable } from './db.ts';
import { Prisma } from './generated/client.ts';

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

export type LatestCheck = Pick<CheckRow, 'slot' | 'outcome' | 'statusCode' | 'reason'> & { readonly monitorId: string };

/**
 * The newest check of each monitor that has one, by the monitor's id. Each shard is a constant in the statement, so that
 * only its partitions are planned for and a look-up ends at the newest one that has a row.
 */
export async function latestChecks(db: Queryable, monitors: readonly MonitorLocation[]): Promise<Map<string, LatestCheck>> {
  if (monitors.length === 0) return new Map();
  const shards = [...Map.groupBy(monitors, (monitor) => monitor.shard)];
  const rows = await db.$queryRaw<LatestCheck[]>(Prisma.join(shards.map(latestOfShard), ' UNION ALL '));
  return new Map(rows.map((row) => [row.monitorId, row]));
}

function latestOfShard([shard, monitors]: [number, readonly MonitorLocation[]]): Prisma.Sql {
  return Prisma.sql`
    SELECT latest.* FROM unnest(${arrayLiteral(monitors.map((monitor) => monitor.id))}::uuid[]) AS m(id)
    CROSS JOIN LATERAL (
      SELECT monitor_id AS "monitorId", slot, outcome, status_code AS "statusCode", reason FROM checks
      WHERE shard = ${shard}::int2 AND monitor_id = m.id ORDER BY slot DESC LIMIT 1) AS latest`;
}
