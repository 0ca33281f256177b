import type { Queryable } from '../db/db.ts';
import { readPublicMonitors, type PublicMonitor } from './public-status.ts';

/**
 * The token of the monitor's badges: the existing one, or `token`. Null when the user has no such
 * monitor.
 */
export async function openBadge(
  db: Queryable,
  ownerId: string,
  monitorId: string,
  token: string,
): Promise<string | null> {
  const [badge] = await db.$queryRaw<{ token: string }[]>`
    INSERT INTO badges (monitor_id, token) SELECT id, ${token} FROM monitors WHERE id = ${monitorId}::uuid AND user_id = ${ownerId}::uuid
    ON CONFLICT (monitor_id) DO UPDATE SET monitor_id = excluded.monitor_id
    RETURNING token`;
  return badge?.token ?? null;
}

/** From now on the token shows nothing; false when the user's monitor has no badge. */
export async function closeBadge(
  db: Queryable,
  ownerId: string,
  monitorId: string,
): Promise<boolean> {
  const { count } = await db.badge.deleteMany({ where: { monitorId, monitor: { ownerId } } });
  return count > 0;
}

/** The monitor of this badge token. */
export async function findBadgeMonitor(
  db: Queryable,
  token: string,
): Promise<PublicMonitor | null> {
  const badge = await db.badge.findUnique({
    where: { token },
    select: { monitor: { select: { id: true, ownerId: true } } },
  });
  const [monitor] = badge
    ? await readPublicMonitors(db, badge.monitor.ownerId, [badge.monitor.id])
    : [];
  return monitor ?? null;
}
