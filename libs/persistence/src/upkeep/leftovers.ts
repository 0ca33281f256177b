// What deleted monitors and channels, and disabled channels, leave behind: too much for the
// statement that deletes them. It is invisible meanwhile: every read of alerts or notifications
// checks that their monitor and channel exist.
import { arrayLiteral } from '../db/array-literal.ts';
import type { Db, Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';

/** The most one statement removes: it takes some milliseconds and blocks nobody. */
const STEP = 1000;

/** The most that disabling a channel drops itself. */
const DROPPED_AT_ONCE = 100;

/** Monitors and channels processed together. */
const LOOKED_AT_ONCE = 100;

/**
 * By then, a transaction that wrote an alert or a notification while its monitor or channel was
 * deleted has committed, or never will.
 */
const LOOK_AGAIN = '1 minute';

/** Whether the monitor of the alert `row` exists. In this form it costs one index lookup per row. */
export const monitorIsThere = (row: Prisma.Sql) =>
  Prisma.sql`(SELECT true FROM monitors WHERE monitors.id = ${row}.monitor_id)`;

/** Whether the monitor of the notification `row` exists, or it never had one. */
export const isOfNoDeletedMonitor = (row: Prisma.Sql) =>
  Prisma.sql`(${row}.monitor_id IS NULL OR ${monitorIsThere(row)})`;

/**
 * For a waiting notification `row`: whether it is an end that its recipient must still get, after
 * the opening. A channel that its owner disables still gets it; one whose receiver wants no more
 * does not.
 */
export const isOwedEnd = (row: Prisma.Sql) => Prisma.sql`(
  ${row}.transition = 'resolved'
  AND EXISTS (SELECT FROM channels WHERE channels.id = ${row}.channel_id AND channels.disabled_reason IS NULL)
  AND EXISTS (SELECT FROM notifications e WHERE e.alert_id = ${row}.alert_id AND e.channel_id = ${row}.channel_id
                AND e.recipient = ${row}.recipient AND e.position < ${row}.position AND e.transition = 'opened' AND e.attempts > 0))`;

/**
 * For a pending notification `row`: whether its channel was disabled after it was written, and it
 * has not been dropped yet.
 */
export const isToBeDropped = (row: Prisma.Sql) => Prisma.sql`(EXISTS (
  SELECT FROM leftovers WHERE leftovers.id = ${row}.channel_id AND kind = 'disabled_channel' AND ${row}.created_at <= since)
  AND NOT ${isOwedEnd(row)})`;

const WAITING = Prisma.sql`n`;

/**
 * Drops what waits for this channel except the required ends: some at once, the rest later, and
 * none of it is sent in between. Call it after setting the channel's `disabled_reason`, if any.
 */
export async function dropWaiting(tx: Queryable, channelId: string): Promise<void> {
  const dropped = await tx.$executeRaw`
    UPDATE notifications SET status = 'dropped' WHERE id IN (
      SELECT n.id FROM notifications n WHERE n.channel_id = ${channelId}::uuid AND n.status IN ('pending', 'held') AND NOT ${isOwedEnd(WAITING)}
      LIMIT ${DROPPED_AT_ONCE}::int8)`;
  if (dropped < DROPPED_AT_ONCE) return;
  await tx.$executeRaw`
    INSERT INTO leftovers (id, kind, since) VALUES (${channelId}::uuid, 'disabled_channel', clock_timestamp())
    ON CONFLICT (id, kind) DO UPDATE SET since = excluded.since, look_at = excluded.look_at`;
}

interface Leftover {
  readonly id: string;
  readonly kind: 'monitor' | 'channel' | 'disabled_channel';
}

/**
 * Removes some leftovers of monitors and channels; false when nothing is left of those examined.
 * All schedulers may do so at once: they examine different ones. Opens a transaction.
 */
export async function removeLeftovers(db: Db): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const leftovers = await tx.$queryRaw<Leftover[]>`
      SELECT id, kind FROM leftovers WHERE look_at <= clock_timestamp() ORDER BY look_at LIMIT ${LOOKED_AT_ONCE}::int8
      FOR UPDATE SKIP LOCKED`;
    if (leftovers.length === 0) return false;
    // The planner still counts rows that were just removed, and would scan everything to find a part.
    await tx.$executeRaw`SELECT set_config(name, 'off', true) FROM unnest(ARRAY['enable_seqscan', 'enable_bitmapscan']) AS name`;
    const idsOf = (kind: Leftover['kind']) =>
      arrayLiteral(leftovers.filter((left) => left.kind === kind).map(({ id }) => id));
    const counts = [
      await removeNotifications(tx, Prisma.sql`monitor_id = ANY(${idsOf('monitor')}::uuid[])`),
      await removeNotifications(tx, Prisma.sql`channel_id = ANY(${idsOf('channel')}::uuid[])`),
      await removeAlerts(tx, idsOf('monitor')),
      await dropOfDisabled(tx, idsOf('disabled_channel')),
    ];
    if (counts.some((count) => count === STEP)) return true;
    await lookAgainLater(tx, leftovers);
    return leftovers.length === LOOKED_AT_ONCE;
  });
}

function removeNotifications(tx: Queryable, condition: Prisma.Sql): Promise<number> {
  return tx.$executeRaw`
    DELETE FROM notifications WHERE id IN (
      SELECT id FROM notifications WHERE ${condition} LIMIT ${STEP}::int8 FOR UPDATE SKIP LOCKED)`;
}

function removeAlerts(tx: Queryable, monitorIds: string): Promise<number> {
  return tx.$executeRaw`
    DELETE FROM alerts WHERE id IN (
      SELECT id FROM alerts WHERE monitor_id = ANY(${monitorIds}::uuid[]) LIMIT ${STEP}::int8 FOR UPDATE SKIP LOCKED)`;
}

/** In the order of the list of deliveries, so that it can use that index. */
function dropOfDisabled(tx: Queryable, channelIds: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE notifications SET status = 'dropped' WHERE id IN (
      SELECT n.id FROM leftovers l JOIN notifications n ON n.channel_id = l.id AND n.created_at <= l.since
      WHERE l.kind = 'disabled_channel' AND l.id = ANY(${channelIds}::uuid[]) AND n.status IN ('pending', 'held')
        AND NOT ${isOwedEnd(WAITING)}
      LIMIT ${STEP}::int8 FOR UPDATE OF n SKIP LOCKED)`;
}

/**
 * A second pass, when nobody can still write leftovers; a channel that was enabled again is
 * finished.
 */
async function lookAgainLater(tx: Queryable, leftovers: readonly Leftover[]): Promise<void> {
  const ids = arrayLiteral(leftovers.map(({ id }) => id));
  await tx.$executeRaw`
    DELETE FROM leftovers WHERE id = ANY(${ids}::uuid[])
      AND (kind = 'disabled_channel' OR since < clock_timestamp() - ${LOOK_AGAIN}::interval)`;
  await tx.$executeRaw`
    UPDATE leftovers SET look_at = since + ${LOOK_AGAIN}::interval + interval '1 second' WHERE id = ANY(${ids}::uuid[])`;
}
