import type { Queryable } from '../db/db.ts';

/** The most one statement removes: it takes some milliseconds and blocks nobody. */
export const PURGED_AT_ONCE = 1000;

/**
 * Removes some finished notifications written more than `days` days ago, with their attempts;
 * returns how many. Of an alert still open within that time it removes only reminders, except the
 * last: the others determine who gets its end. Like the others here, it skips rows that another
 * process holds.
 */
export async function purgeNotifications(db: Queryable, days: number): Promise<number> {
  return db.$executeRaw`
    DELETE FROM notifications WHERE id IN (
      SELECT n.id FROM notifications n
      WHERE n.created_at < now() - ${days}::int * interval '1 day' AND n.status NOT IN ('pending', 'held')
        AND (
          NOT EXISTS (SELECT FROM alerts a WHERE a.id = n.alert_id
                      AND (a.resolved_at IS NULL OR a.resolved_at >= now() - ${days}::int * interval '1 day'))
          OR n.transition = 'reminder' AND EXISTS (SELECT FROM notifications l WHERE l.alert_id = n.alert_id
                      AND l.channel_id = n.channel_id AND l.recipient = n.recipient AND l.position > n.position)
        )
      ORDER BY n.created_at LIMIT ${PURGED_AT_ONCE} FOR UPDATE OF n SKIP LOCKED)`;
}

/** Bars of 90 days show alerts, however long rows are kept. */
const ALERT_RETENTION_DAYS = 91;

/**
 * Removes some alerts that resolved more than `days` days ago (at least 91) and have nothing left
 * to send.
 */
export async function purgeAlerts(db: Queryable, days: number): Promise<number> {
  return db.$executeRaw`
    DELETE FROM alerts WHERE id IN (
      SELECT a.id FROM alerts a
      WHERE a.resolved_at < now() - ${Math.max(days, ALERT_RETENTION_DAYS)}::int * interval '1 day'
        AND NOT EXISTS (SELECT FROM notifications n WHERE n.alert_id = a.id)
      ORDER BY a.resolved_at LIMIT ${PURGED_AT_ONCE} FOR UPDATE SKIP LOCKED)`;
}

/** Removes some confirmation emails that no limit counts any more. */
export async function purgeConfirmationMails(db: Queryable): Promise<number> {
  return db.$executeRaw`
    DELETE FROM confirmation_mails WHERE id IN (
      SELECT id FROM confirmation_mails WHERE sent_at <= now() - interval '1 day' ORDER BY sent_at LIMIT ${PURGED_AT_ONCE})`;
}

/** Removes some maintenance spans too old for statistics. */
export async function purgeMaintenanceSpans(db: Queryable): Promise<number> {
  return db.$executeRaw`
    DELETE FROM maintenance_spans WHERE (window_id, from_at) IN (
      SELECT window_id, from_at FROM maintenance_spans WHERE until_at < now() - interval '32 days'
      LIMIT ${PURGED_AT_ONCE})`;
}

/** Removes some gaps of slots too old for rows. */
export async function purgeGaps(db: Queryable, days: number): Promise<number> {
  return db.$executeRaw`
    DELETE FROM gaps WHERE (shard, from_slot) IN (
      SELECT shard, from_slot FROM gaps WHERE through_slot < now() - ${days}::int * interval '1 day'
      LIMIT ${PURGED_AT_ONCE} FOR UPDATE SKIP LOCKED)`;
}
