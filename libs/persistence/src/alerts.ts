import type { Alert } from '@gomon/domain';
import type { Queryable } from './db.ts';

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
  return db.alert.findMany({
    where: {
      userId,
      monitorId,
      resolvedAt: state && (state === 'open' ? null : { not: null }),
      ...(after && { openedAt: { lte: after.openedAt }, OR: [{ openedAt: { lt: after.openedAt } }, { id: { gt: after.id } }] }),
    },
    omit: { userId: true },
    orderBy: [{ openedAt: 'desc' }, { id: 'asc' }],
    take: limit,
  });
}

/** Marks the user's alert as seen; the first moment stays. Null when the user has no such alert. */
export async function acknowledgeAlert(db: Queryable, userId: string, id: string): Promise<Alert | null> {
  const [alert] = await db.$queryRaw<Alert[]>`
    UPDATE alerts SET acknowledged_at = coalesce(acknowledged_at, clock_timestamp())
    WHERE id = ${id}::uuid AND user_id = ${userId}::uuid
    RETURNING id, monitor_id AS "monitorId", opened_at AS "openedAt", resolved_at AS "resolvedAt",
              acknowledged_at AS "acknowledgedAt", failures, threshold, window_seconds AS "windowSeconds"`;
  return alert ?? null;
}
