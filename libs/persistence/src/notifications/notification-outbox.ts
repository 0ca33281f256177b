import { randomUUID } from 'node:crypto';
import type { NotificationStatus, NotificationTransition } from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import type { Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';

/** The recipients of a channel `c` as JSON: its email addresses, or one without a name. */
const RECIPIENTS = Prisma.sql`CASE WHEN c.kind = 'email' THEN c.settings->'to' ELSE '[""]' END`;

/** A recipient of a monitor's alerts. */
export interface MonitorRecipientRow {
  readonly monitorId: string;
  readonly channelId: string;
  /** The address; empty for a channel with one receiver. */
  readonly recipient: string;
}

/**
 * The recipients of these monitors' enabled channels: the attached ones and the owner's defaults.
 * The channels stay enabled until the transaction ends, so nothing is written to one that was just
 * disabled.
 */
export async function recipientsOfMonitors(
  tx: Queryable,
  monitorIds: readonly string[],
): Promise<MonitorRecipientRow[]> {
  // On trust, "recipient": the settings of a channel have addresses, and never JSON's null among them.
  return tx.$queryRaw<MonitorRecipientRow[]>`
    SELECT m.id AS "monitorId", c.id AS "channelId", r.recipient
    FROM monitors m JOIN channels c ON c.user_id = m.user_id AND c.enabled
    CROSS JOIN LATERAL jsonb_array_elements_text(${RECIPIENTS}) AS r(recipient)
    WHERE m.id = ANY(${arrayLiteral(monitorIds)}::uuid[])
      AND (c.is_default OR EXISTS (SELECT FROM monitor_channels l WHERE l.monitor_id = m.id AND l.channel_id = c.id))
    FOR SHARE OF c`;
}

/** The monitors that are under maintenance now. */
export async function maintainedMonitors(
  tx: Queryable,
  monitorIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT m.id FROM monitors m WHERE m.id = ANY(${arrayLiteral(monitorIds)}::uuid[]) AND is_maintained(m.id, m.user_id)`;
  return new Set(rows.map((row) => row.id));
}

export interface StoredNotification {
  readonly id: string;
  readonly alertId: string;
  readonly channelId: string;
  readonly channelEnabled: boolean;
  /**
   * Nothing is sent there any more: the receiver refused further messages, or the channel has lost
   * this recipient.
   */
  readonly isSilent: boolean;
  readonly recipient: string;
  readonly transition: NotificationTransition;
  readonly position: number;
  readonly wasAttempted: boolean;
  /** Whether a sender is working on it. */
  readonly isLeased: boolean;
  readonly takenBack: boolean;
  readonly status: string;
}

/**
 * The stored notifications of these alerts, in sending order. No sender claims one until the
 * transaction ends.
 */
export async function lockNotifications(
  tx: Queryable,
  alertIds: readonly string[],
): Promise<StoredNotification[]> {
  return tx.$queryRaw<StoredNotification[]>`
    SELECT n.id, n.alert_id AS "alertId", n.channel_id AS "channelId", c.enabled AS "channelEnabled", n.recipient, n.transition, n.position,
           c.disabled_reason IS NOT NULL OR n.recipient <> '' AND NOT coalesce(jsonb_exists(c.settings->'to', n.recipient), true) AS "isSilent",
           n.attempts > 0 AS "wasAttempted", coalesce(n.leased_until > clock_timestamp(), false) AS "isLeased",
           n.taken_back AS "takenBack", n.status
    FROM notifications n JOIN channels c ON c.id = n.channel_id
    WHERE n.alert_id = ANY(${arrayLiteral(alertIds)}::uuid[]) ORDER BY n.id FOR UPDATE OF n`;
}

export interface NewNotification {
  readonly alertId: string;
  readonly monitorId: string;
  readonly channelId: string;
  readonly recipient: string;
  readonly transition: NotificationTransition;
  readonly position: number;
  /** `held` until the end of a maintenance window; `dropped` when it is withdrawn at once. */
  readonly status: Extract<NotificationStatus, 'pending' | 'held' | 'dropped'>;
}

/**
 * Our own statement: Prisma would fill in times of this process's clock, but the database's clock
 * decides what is due.
 */
export async function addNotifications(
  tx: Queryable,
  added: readonly NewNotification[],
): Promise<void> {
  if (added.length === 0) return;
  const column = (name: Exclude<keyof NewNotification, 'recipient'>) =>
    arrayLiteral(added.map((row) => row[name]));
  await tx.$executeRaw`
    INSERT INTO notifications (id, alert_id, monitor_id, channel_id, recipient, transition, position, status, taken_back)
    SELECT *, status = 'dropped' FROM unnest(${arrayLiteral(added.map(() => randomUUID()))}::uuid[], ${column('alertId')}::uuid[],
      ${column('monitorId')}::uuid[], ${column('channelId')}::uuid[], ${added.map(({ recipient }) => recipient)}::text[], ${column('transition')}::alert_transition[],
      ${column('position')}::int4[], ${column('status')}::notification_status[])
      AS added(id, alert_id, monitor_id, channel_id, recipient, transition, position, status)`;
}

/** Withdraws them; their recipients still get later notifications of the alerts. */
export async function dropNotifications(tx: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.notification.updateMany({
    where: { id: { in: [...ids] } },
    data: { status: 'dropped', takenBack: true },
  });
}

/**
 * Releases what was held for maintenance windows that are over; returns how many. For a paused
 * monitor only ends are released.
 */
export async function releaseHeldNotifications(db: Queryable): Promise<number> {
  return db.$executeRaw`
    UPDATE notifications n SET status = 'pending', next_attempt_at = clock_timestamp()
    FROM monitors m WHERE n.status = 'held' AND m.id = n.monitor_id AND NOT is_maintained(m.id, m.user_id)
      AND (NOT m.paused OR n.transition = 'resolved')`;
}

/** Adds due reminders of open, unacknowledged alerts; returns how many. */
export async function addReminders(db: Queryable): Promise<number> {
  return db.$executeRaw`
    INSERT INTO notifications (id, channel_id, monitor_id, alert_id, recipient, transition, position)
    SELECT gen_random_uuid(), c.id, a.monitor_id, a.id, r.recipient, 'reminder', last.position + 1
    FROM channels c
    JOIN alerts a ON a.user_id = c.user_id AND a.resolved_at IS NULL AND a.acknowledged_at IS NULL
    JOIN monitors m ON m.id = a.monitor_id
    CROSS JOIN LATERAL jsonb_array_elements_text(${RECIPIENTS}) AS r(recipient)
    JOIN LATERAL (SELECT position, status, delivered_at, transition FROM notifications n
                  WHERE n.alert_id = a.id AND n.channel_id = c.id AND n.recipient = r.recipient ORDER BY position DESC LIMIT 1) AS last ON true
    WHERE c.enabled AND c.remind_every_seconds IS NOT NULL AND last.status = 'delivered'
      AND last.transition IN ('opened', 'reminder')
      AND last.delivered_at <= clock_timestamp() - c.remind_every_seconds * interval '1 second'
      AND NOT is_maintained(a.monitor_id, a.user_id)
    ON CONFLICT (alert_id, channel_id, recipient, position) DO NOTHING`;
}
