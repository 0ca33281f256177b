import { randomUUID } from 'node:crypto';
import { recipientsOf, specOf, type ChannelSettings } from '@gomon/channels';
import {
  DomainError,
  type NotificationContent,
  type NotificationStatus,
  type NotificationTransition,
} from '@gomon/domain';
import { databaseNow } from '../db/clock.ts';
import type { Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';
import { isOfNoDeletedMonitor } from '../upkeep/leftovers.ts';

export interface DeliveryAttempt {
  readonly number: number;
  readonly startedAt: Date;
  /** Null while the attempt runs, and forever when its sender died. */
  readonly durationMs: number | null;
  readonly statusCode: number | null;
  readonly error: string | null;
}

/** A notification as its owner sees it. */
export interface Delivery {
  readonly id: string;
  readonly channelId: string;
  /** Null for a test. */
  readonly monitorId: string | null;
  /** Its present name. */
  readonly monitorName: string | null;
  readonly alertId: string | null;
  readonly transition: NotificationTransition;
  /** The address that it goes to; null for a channel with one receiver. */
  readonly recipient: string | null;
  readonly status: NotificationStatus;
  readonly createdAt: Date;
  readonly deliveredAt: Date | null;
  readonly nextAttemptAt: Date | null;
  /** Oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
}

export interface DeliveryFilter {
  readonly channelId: string;
  readonly status?: NotificationStatus | undefined;
  /** Only deliveries after this one in the list. */
  readonly after?: Pick<Delivery, 'createdAt' | 'id'> | undefined;
  readonly limit: number;
}

/** One round has eleven attempts, but owners may ask for many rounds. */
const ATTEMPTS_SHOWN = 50;

const withoutAttempts = {
  id: true,
  channelId: true,
  monitorId: true,
  alertId: true,
  transition: true,
  recipient: true,
  status: true,
  createdAt: true,
  deliveredAt: true,
  nextAttemptAt: true,
} as const;

const select = {
  ...withoutAttempts,
  sendings: {
    select: { number: true, startedAt: true, durationMs: true, statusCode: true, error: true },
    orderBy: { number: 'desc' },
    take: ATTEMPTS_SHOWN,
  },
} as const;

const NOTIFICATION = Prisma.sql`n`;

/** A channel's sent and unsent notifications, newest first. */
export async function listDeliveries(
  db: Queryable,
  { channelId, status, after, limit }: DeliveryFilter,
): Promise<Delivery[]> {
  const conditions = [
    Prisma.sql`n.channel_id = ${channelId}::uuid`,
    ...(status ? [Prisma.sql`n.status = ${status}::notification_status`] : []),
    ...(after
      ? [
          Prisma.sql`n.created_at <= ${after.createdAt}::timestamptz`,
          Prisma.sql`(n.created_at < ${after.createdAt}::timestamptz OR n.id > ${after.id}::uuid)`,
        ]
      : []),
    isOfNoDeletedMonitor(NOTIFICATION),
  ];
  const chosen = await db.$queryRaw<{ id: string }[]>`
    SELECT n.id FROM notifications n WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY n.created_at DESC, n.id LIMIT ${limit}::int8`;
  return readDeliveries(db, chosen);
}

/** Null when the user has no such notification. */
export async function findDelivery(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<Delivery | null> {
  const chosen = await db.$queryRaw<{ id: string }[]>`
    SELECT n.id FROM notifications n JOIN channels c ON c.id = n.channel_id
    WHERE n.id = ${id}::uuid AND c.user_id = ${ownerId}::uuid AND ${isOfNoDeletedMonitor(NOTIFICATION)}`;
  const [delivery] = await readDeliveries(db, chosen);
  return delivery ?? null;
}

async function readDeliveries(
  db: Queryable,
  chosen: readonly { readonly id: string }[],
): Promise<Delivery[]> {
  const where = { id: { in: chosen.map(({ id }) => id) } };
  const rows = await db.notification.findMany({
    where,
    select,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  });
  const monitors = await db.monitor.findMany({
    where: { id: { in: rows.flatMap(({ monitorId }) => monitorId ?? []) } },
    select: { id: true, name: true },
  });
  const names = new Map(monitors.map(({ id, name }) => [id, name]));
  return rows.map((row) =>
    toDelivery({ ...row, monitorName: names.get(row.monitorId ?? '') ?? null }),
  );
}

/**
 * Sends a marked test to each recipient of the channel; empty when the user has no such channel.
 * Throws `channel_disabled`.
 */
export async function addTestNotifications(
  db: Queryable,
  ownerId: string,
  channelId: string,
): Promise<Delivery[]> {
  const channel = await db.channel.findFirst({ where: { id: channelId, ownerId } });
  if (!channel) return [];
  refuseDisabled(channel.enabled);
  await endPause(db, channelId);
  const content: object = testContent(channel.name);
  const now = await databaseNow(db);
  const moments = { createdAt: now, nextAttemptAt: now };
  const { kind, settings } = channel as typeof channel & ChannelSettings;
  const recipients = specOf(kind).hasRecipients ? recipientsOf(kind, settings) : [''];
  const data = recipients.map((recipient) => {
    return {
      id: randomUUID(),
      channelId,
      recipient,
      transition: 'test' as const,
      content,
      ...moments,
    };
  });
  return (await db.notification.createManyAndReturn({ data, select: withoutAttempts })).map((row) =>
    toDelivery({ ...row, monitorName: null, sendings: [] }),
  );
}

/**
 * Sends the notification again from now on, with the same id and content, and all retries of a new
 * one; null when the user has no such notification, or it is a confirmation email, which are
 * limited. Throws `channel_disabled`.
 */
export async function redeliver(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<Delivery | null> {
  const [row] = await db.$queryRaw<{ channelId: string; enabled: boolean }[]>`
    SELECT c.id AS "channelId", c.enabled FROM notifications n JOIN channels c ON c.id = n.channel_id
    WHERE n.id = ${id}::uuid AND c.user_id = ${ownerId}::uuid AND n.transition <> 'confirmation'
      AND ${isOfNoDeletedMonitor(NOTIFICATION)}`;
  if (!row) return null;
  refuseDisabled(row.enabled);
  await endPause(db, row.channelId);
  await db.$executeRaw`
    UPDATE notifications SET status = 'pending', tries = 0, next_attempt_at = clock_timestamp() WHERE id = ${id}::uuid`;
  return findDelivery(db, ownerId, id);
}

/** The owner asks for it now, so the receiver's pause does not apply. */
async function endPause(db: Queryable, channelId: string): Promise<void> {
  await db.channel.updateMany({
    where: { id: channelId, pausedUntil: { not: null } },
    data: { pausedUntil: null },
  });
}

function refuseDisabled(enabled: boolean): void {
  if (!enabled)
    throw new DomainError('channel_disabled', 'This channel is disabled. Enable it first.');
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** In the shape of a real one, so that receivers can be tested with it. */
function testContent(name: string): NotificationContent {
  const openedAt = new Date().toISOString();
  return {
    monitor: { id: NOBODY, name, kind: 'http', url: 'https://monitor.invalid/' },
    alert: {
      id: NOBODY,
      openedAt,
      resolvedAt: null,
      failures: 3,
      threshold: 2,
      windowSeconds: 300,
    },
    lastChecks: [],
  };
}

type Row = Omit<Delivery, 'attempts' | 'nextAttemptAt' | 'recipient'> & {
  recipient: string;
  nextAttemptAt: Date;
  sendings: DeliveryAttempt[];
};

function toDelivery({ sendings, recipient, nextAttemptAt, ...row }: Row): Delivery {
  return {
    ...row,
    recipient: recipient || null,
    nextAttemptAt: row.status === 'pending' ? nextAttemptAt : null,
    attempts: sendings.toReversed(),
  };
}
