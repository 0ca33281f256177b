import type { ChannelSettings } from '@gomon/channels';
import type {
  ConfirmationContent,
  NotificationContent,
  NotificationTransition,
} from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import { readRows, type Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';
import {
  dropWaiting,
  isOfNoDeletedMonitor,
  isOwedEnd,
  isToBeDropped,
} from '../upkeep/leftovers.ts';
import { describeNotifications } from './notification-content.ts';

interface ClaimedFields {
  readonly id: string;
  readonly transition: NotificationTransition;
  readonly alertId: string | null;
  readonly createdAt: Date;
  /** When this attempt began, by the database's clock. */
  readonly startedAt: Date;
  /** The number of this attempt. */
  readonly attempts: number;
  readonly tries: number;
  readonly content: NotificationContent | ConfirmationContent;
  readonly channelId: string;
  readonly ownerId: string;
  /** The address it goes to, if confirmed; for an old email without a recipient, all confirmed addresses. */
  readonly confirmed: readonly string[];
}

/** A notification that only this sender may send, for the time of its lease. Secrets in the settings are encrypted. */
export type ClaimedNotification = ClaimedFields & ChannelSettings;

export interface ClaimOptions {
  readonly limit: number;
  /** The most per channel, and per user. */
  readonly channelLimit: number;
  readonly userLimit: number;
  /** Channels and users at their limit. */
  readonly busyChannels: readonly string[];
  readonly busyUsers: readonly string[];
  readonly leaseSeconds: number;
}

const IS_PAUSED = Prisma.sql`coalesce(c.paused_until > clock_timestamp(), false)`;

const WAITS_FOR_EARLIER = Prisma.sql`
  EXISTS (SELECT FROM notifications e WHERE e.alert_id = n.alert_id AND e.channel_id = n.channel_id AND e.recipient = n.recipient
          AND e.position < n.position AND e.status IN ('pending', 'held'))`;
const NOTIFICATION = Prisma.sql`n`;

/** A disabled channel gets only the ends it is owed; the rest is dropped, by the same rule. */
const IS_WANTED = Prisma.sql`(c.enabled OR ${isOwedEnd(NOTIFICATION)})`;

type ClaimedRow = Omit<ClaimedFields, 'content'> &
  ChannelSettings & { readonly content: ClaimedFields['content'] | null };

/**
 * Claims due notifications: per alert and recipient only the first unfinished one, and a few per
 * channel. Users take turns, and so do a user's channels, whatever their backlogs. The attempt
 * counts from now on; if its sender dies, the lease ends and the next attempt has the same id and
 * content.
 */
export async function claimNotifications(
  db: Queryable,
  options: ClaimOptions,
): Promise<ClaimedNotification[]> {
  const { limit, channelLimit, userLimit, busyChannels, busyUsers, leaseSeconds } = options;
  const statement = Prisma.sql`
    WITH RECURSIVE waiting AS (
      (SELECT channel_id FROM notifications WHERE status = 'pending' ORDER BY channel_id LIMIT 1)
      UNION ALL
      SELECT (SELECT n.channel_id FROM notifications n WHERE n.status = 'pending' AND n.channel_id > w.channel_id
              ORDER BY n.channel_id LIMIT 1)
      FROM waiting w WHERE w.channel_id IS NOT NULL
    ), due AS (
      SELECT n.id, c.user_id, n.next_attempt_at, n.turn FROM waiting w
      JOIN channels c ON c.id = w.channel_id AND NOT ${IS_PAUSED}
        AND c.id <> ALL(${arrayLiteral(busyChannels)}::uuid[]) AND c.user_id <> ALL(${arrayLiteral(busyUsers)}::uuid[])
      CROSS JOIN LATERAL (
        SELECT n.id, n.next_attempt_at, row_number() OVER (ORDER BY n.next_attempt_at, n.id) AS turn FROM notifications n
        WHERE n.channel_id = c.id AND n.status = 'pending' AND n.next_attempt_at <= (SELECT clock_timestamp())
          AND (n.leased_until IS NULL OR n.leased_until <= clock_timestamp()) AND ${IS_WANTED} AND NOT ${WAITS_FOR_EARLIER}
          AND ${isOfNoDeletedMonitor(NOTIFICATION)} AND NOT ${isToBeDropped(NOTIFICATION)}
        ORDER BY n.next_attempt_at, n.id LIMIT ${channelLimit}::int
      ) AS n
    ), fair AS (
      SELECT id, row_number() OVER (PARTITION BY user_id ORDER BY turn, next_attempt_at, id) AS turn FROM due
    ), mine AS (
      SELECT n.id FROM notifications n JOIN fair f ON f.id = n.id
      WHERE f.turn <= ${userLimit}::int AND n.status = 'pending' AND n.next_attempt_at <= clock_timestamp()
        AND (n.leased_until IS NULL OR n.leased_until <= clock_timestamp())
      ORDER BY f.turn, n.next_attempt_at LIMIT ${limit}::int FOR UPDATE OF n SKIP LOCKED
    ), claimed AS (
      UPDATE notifications n SET attempts = attempts + 1, tries = tries + 1,
             leased_until = clock_timestamp() + ${leaseSeconds}::int * interval '1 second'
      FROM mine WHERE n.id = mine.id RETURNING n.*
    ), attempts AS (
      INSERT INTO notification_attempts (notification_id, number, started_at)
      SELECT id, attempts, leased_until - ${leaseSeconds}::int * interval '1 second' FROM claimed RETURNING notification_id, started_at
    )
    SELECT n.id, n.transition, n.alert_id AS "alertId", n.created_at AS "createdAt", n.attempts, n.tries, n.content, a.started_at AS "startedAt",
           c.id AS "channelId", c.user_id AS "ownerId", c.kind, c.settings,
           ARRAY(SELECT e.address FROM email_addresses e WHERE c.kind = 'email' AND e.user_id = c.user_id AND e.confirmed_at IS NOT NULL
                   AND jsonb_exists(c.settings->'to', e.address) AND (n.recipient = '' OR n.recipient = e.address) ORDER BY 1) AS confirmed
    FROM claimed n JOIN channels c ON c.id = n.channel_id JOIN attempts a ON a.notification_id = n.id`;
  // On trust, "kind": the api writes kinds that are in `CHANNEL_KINDS`.
  const rows = await readRows<ClaimedRow>(db, statement);
  const fresh = rows.filter((row) => row.content === null).map((row) => row.id);
  const described = await describeNotifications(db, fresh);
  await dropUntold(
    db,
    fresh.filter((id) => !described.has(id)),
  );
  return rows.flatMap((row) => {
    const content = row.content ?? described.get(row.id);
    return content ? [{ ...row, content }] : [];
  });
}

/**
 * Late results undid the alert before its first notification. A late sender drops nothing that
 * another has sent.
 */
async function dropUntold(db: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.$executeRaw`
    UPDATE notifications SET status = 'dropped'
    WHERE id = ANY(${arrayLiteral(ids)}::uuid[]) AND status = 'pending' AND content IS NULL`;
}

export interface EndedAttempt {
  readonly id: string;
  readonly channelId: string;
  readonly attempts: number;
  readonly durationMs: number;
  readonly statusCode: number | null;
  /** Null when it was delivered. */
  readonly error: string | null;
  /** Seconds until the next attempt; null for none. */
  readonly retryInSeconds: number | null;
}

/**
 * Records the result of an attempt. An attempt that outlived its lease and was overtaken changes
 * nothing, unless it delivered. A failed reminder is not repeated when something newer waits behind
 * it.
 */
export async function endAttempt(db: Queryable, attempt: EndedAttempt): Promise<void> {
  const { id, attempts, durationMs, statusCode, error, retryInSeconds } = attempt;
  const status = error === null ? 'delivered' : retryInSeconds === null ? 'dead' : 'pending';
  await db.$executeRaw`
    WITH ended AS (
      UPDATE notification_attempts SET duration_ms = ${durationMs}::int, status_code = ${statusCode}::int, error = ${error}
      WHERE notification_id = ${id}::uuid AND number = ${attempts}::int
    )
    UPDATE notifications n SET leased_until = NULL,
           status = CASE WHEN ${status} = 'pending' AND n.transition = 'reminder' AND EXISTS (
                           SELECT FROM notifications l WHERE l.alert_id = n.alert_id AND l.channel_id = n.channel_id
                             AND l.recipient = n.recipient AND l.position > n.position)
                         THEN 'dropped' ELSE ${status} END::notification_status,
           delivered_at = CASE WHEN ${status} = 'delivered' THEN coalesce(delivered_at, clock_timestamp()) ELSE delivered_at END,
           next_attempt_at = clock_timestamp() + ${retryInSeconds ?? 0}::float8 * interval '1 second'
    WHERE id = ${id}::uuid AND (status = 'pending' AND attempts = ${attempts}::int OR ${status} = 'delivered')`;
}

/** Sends nothing to the channel for this long, because its receiver asks for it. */
export async function pauseChannel(db: Queryable, id: string, seconds: number): Promise<void> {
  await db.$executeRaw`
    UPDATE channels SET paused_until = greatest(paused_until, clock_timestamp() + ${seconds}::float8 * interval '1 second')
    WHERE id = ${id}::uuid`;
}

/**
 * Disables a channel that wants no more messages, stores why, and drops what waits for it. Its
 * owner may have disabled it before. Opens a transaction.
 */
export async function disableChannel(db: Queryable, id: string, reason: string): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE channels SET enabled = false, disabled_reason = ${reason}, version = version + 1, updated_at = clock_timestamp()
      WHERE id = ${id}::uuid AND disabled_reason IS NULL`;
    await dropWaiting(tx, id);
  });
}

/**
 * How many seconds the oldest due notification has waited for an attempt; 0 when none waits.
 * Notifications behind an earlier one of their alert, or in a pause that the receiver asked for,
 * are not due.
 */
export async function oldestPendingSeconds(db: Queryable): Promise<number> {
  const [row] = await db.$queryRaw<[{ seconds: number }]>`
    SELECT coalesce(extract(epoch FROM clock_timestamp() - min(n.next_attempt_at)), 0)::float8 AS seconds
    FROM notifications n JOIN channels c ON c.id = n.channel_id AND ${IS_WANTED} AND NOT ${IS_PAUSED}
    WHERE n.status = 'pending' AND n.next_attempt_at <= clock_timestamp() AND NOT ${WAITS_FOR_EARLIER}`;
  return row.seconds;
}
