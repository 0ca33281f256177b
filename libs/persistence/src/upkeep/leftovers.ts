// What monitors and channels leave behind when they are deleted, or disabled: too much to go in the statement that does so. Nobody sees it
// meanwhile: whoever reads alerts or notifications asks whether their monitor and channel are there.
import { arrayLiteral } from '../db/array-literal.ts';
import type { Db, Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';

/** What one statement removes at most: it is done in some milliseconds and holds up nobody. */
const STEP = 1000;

/** What disabling a channel drops itself. */
const DROPPED_AT_ONCE = 100;

/** So many monitors and channels are looked at together. */
const LOOKED_AT_ONCE = 100;

/** Whoever wrote an alert or a notification while its monitor or channel was deleted has committed by then, or never will. */
const LOOK_AGAIN = '1 minute';

/** Whether the monitor of the alert `row` is there. In this form it is a look into the index for each row that is read. */
export const monitorIsThere = (row: Prisma.Sql) => Prisma.sql`(SELECT true FROM monitors WHERE monitors.id = ${row}.monitor_id)`;

/** Whether the monitor of the notification `row` is there, or it never had one. */
export const isOfNoDeletedMonitor = (row: Prisma.Sql) => Prisma.sql`(${row}.monitor_id IS NULL OR ${monitorIsThere(row)})`;

/**
 * Of a waiting notification `row`: whether it is an end that its recipient is owed, having been told of the opening. A channel that its
 * owner disables still hears it; one whose receiver wants no more does not.
 */
const isOwedEnd = (row: Prisma.Sql) => Prisma.sql`(
  ${row}.transition = 'resolved'
  AND EXISTS (SELECT FROM channels WHERE channels.id = ${row}.channel_id AND channels.disabled_reason IS NULL)
  AND EXISTS (SELECT FROM notifications e WHERE e.alert_id = ${row}.alert_id AND e.channel_id = ${row}.channel_id
                AND e.recipient = ${row}.recipient AND e.position < ${row}.position AND e.transition = 'opened' AND e.attempts > 0))`;

/** Of a pending notification `row`: whether its channel was disabled after it was written, and it has not been dropped yet. */
export const isToBeDropped = (row: Prisma.Sql) => Prisma.sql`(EXISTS (
  SELECT FROM leftovers WHERE leftovers.id = ${row}.channel_id AND kind = 'disabled_channel' AND ${row}.created_at <= since)
  AND NOT ${isOwedEnd(row)})`;

const WAITING = Prisma.sql`n`;

/**
 * Has all that waits for this channel dropped but the ends that are owed: the first at once, and none of the others is sent before it is.
 * To be called when the channel has its `disabled_reason`, if there is one.
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
 * Removes some of what is left of monitors and channels; false when nothing more is left of those that it has looked at. All schedulers may do
 * so at once: they look at different ones. Opens a transaction.
 */
export async function removeLeftovers(db: Db): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const leftovers = await tx.$queryRaw<Leftover[]>`
      SELECT id, kind FROM leftovers WHERE look_at <= clock_timestamp() ORDER BY look_at LIMIT ${LOOKED_AT_ONCE}::int8
      FOR UPDATE SKIP LOCKED`;
    if (leftovers.length === 0) return false;
    // Of what has just been removed the planner thinks that it is there, and would read all of it for a part.
    await tx.$executeRaw`SELECT set_config(name, 'off', true) FROM unnest(ARRAY['enable_seqscan', 'enable_bitmapscan']) AS name`;
    const idsOf = (kind: Leftover['kind']) => arrayLiteral(leftovers.filter((left) => left.kind === kind).map(({ id }) => id));
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

/** By the order of the list of deliveries, whose index this can use. */
function dropOfDisabled(tx: Queryable, channelIds: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE notifications SET status = 'dropped' WHERE id IN (
      SELECT n.id FROM leftovers l JOIN notifications n ON n.channel_id = l.id AND n.created_at <= l.since
      WHERE l.kind = 'disabled_channel' AND l.id = ANY(${channelIds}::uuid[]) AND n.status IN ('pending', 'held')
        AND NOT ${isOwedEnd(WAITING)}
      LIMIT ${STEP}::int8 FOR UPDATE OF n SKIP LOCKED)`;
}

/** Once more, when nobody can still write what is left; a channel that was disabled may be enabled again, and is done. */
async function lookAgainLater(tx: Queryable, leftovers: readonly Leftover[]): Promise<void> {
  const ids = arrayLiteral(leftovers.map(({ id }) => id));
  await tx.$executeRaw`
    DELETE FROM leftovers WHERE id = ANY(${ids}::uuid[])
      AND (kind = 'disabled_channel' OR since < clock_timestamp() - ${LOOK_AGAIN}::interval)`;
  await tx.$executeRaw`
    UPDATE leftovers SET look_at = since + ${LOOK_AGAIN}::interval + interval '1 second' WHERE id = ANY(${ids}::uuid[])`;
}
