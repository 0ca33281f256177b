import type { Alert } from '@gomon/domain';
import type { Queryable } from './db.ts';
import { newestFailures, toFailedCheck } from './failed-checks.ts';
import type { Prisma } from './generated/client.ts';

export interface AlertFilter {
  readonly monitorId?: string | undefined;
  readonly state?: 'open' | 'resolved' | undefined;
  /** Only alerts that come after this one in the list. */
  readonly after?: Pick<Alert, 'openedAt' | 'id'> | undefined;
  readonly limit: number;
}

/** The user's alerts, newest first. */
export async function listAlerts(
  db: Queryable,
  userId: string,
  { monitorId, state, after, limit }: AlertFilter,
): Promise<Alert[]> {
  const rows = await db.alert.findMany({
    where: {
      userId,
      monitorId,
      resolvedAt: state && (state === 'open' ? null : { not: null }),
      ...(after && { openedAt: { lte: after.openedAt }, OR: [{ openedAt: { lt: after.openedAt } }, { id: { gt: after.id } }] }),
    },
    omit: UNTOLD,
    orderBy: [{ openedAt: 'desc' }, { id: 'asc' }],
    take: limit,
  });
  return toAlerts(db, rows);
}

/** Marks the user's alert as seen; the first moment stays. Null when the user has no such alert. */
export async function acknowledgeAlert(db: Queryable, userId: string, id: string): Promise<Alert | null> {
  const isThere = await db.$executeRaw`
    UPDATE alerts SET acknowledged_at = coalesce(acknowledged_at, clock_timestamp())
    WHERE id = ${id}::uuid AND user_id = ${userId}::uuid`;
  if (isThere === 0) return null;
  const [alert] = await toAlerts(db, await db.alert.findMany({ where: { id, userId }, omit: UNTOLD }));
  return alert ?? null;
}

const UNTOLD = { userId: true, url: true, endUntold: true } as const satisfies Prisma.AlertOmit;

type AlertRow = Prisma.AlertGetPayload<{ omit: typeof UNTOLD }>;

async function toAlerts(db: Queryable, rows: readonly AlertRow[]): Promise<Alert[]> {
  const open = rows.filter(({ resolvedAt }) => resolvedAt === null);
  const newest = open.length === 0 ? null : await newestFailures(db, open);
  return rows.map((row) => {
    const openedBy = toFailedCheck(row.openedBy);
    const lastFailure = toFailedCheck(row.lastFailure) ?? newest?.get(row.monitorId) ?? openedBy;
    return { ...row, endedBy: row.endedBy as Alert['endedBy'], openedBy, lastFailure };
  });
}
