import {
  recipientsOf,
  specOf,
  type ChannelKind,
  type ChannelSettings,
  type ConfiguredChannel,
} from '@gomon/channels';
import { DomainError, type Channel } from '@gomon/domain';
import { databaseNow } from '../db/clock.ts';
import { askToConfirm, unconfirmedOf } from './confirmations.ts';
import type { Db, Queryable } from '../db/db.ts';
import { isDuplicate } from '../db/fault.ts';
import type { Prisma } from '../generated/client.ts';
import { dropWaiting } from '../upkeep/leftovers.ts';

/** Those of the ids that are no channel of the user's. */
export async function missingChannels(
  db: Queryable,
  ownerId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.channel.findMany({
    where: { ownerId, id: { in: [...ids] } },
    select: { id: true },
  });
  const own = new Set(rows.map((row) => row.id));
  return new Set(ids.filter((id) => !own.has(id.toLowerCase())));
}

/** Makes these the channels of the monitor, except those that are not its owner's. */
export async function linkChannels(
  tx: Queryable,
  ownerId: string,
  monitorId: string,
  ids: readonly string[],
): Promise<void> {
  await tx.monitorChannel.deleteMany({ where: { monitorId, channelId: { notIn: [...ids] } } });
  const own = await tx.channel.findMany({
    where: { ownerId, id: { in: [...ids] } },
    select: { id: true },
  });
  await tx.monitorChannel.createMany({
    data: own.map(({ id }) => ({ monitorId, channelId: id })),
    skipDuplicates: true,
  });
}

/** What an owner decides about a channel. */
export type ChannelChoice = Pick<
  ConfiguredChannel,
  'name' | 'settings' | 'enabled' | 'isDefault' | 'remindEverySeconds'
>;

export interface NewChannel {
  readonly id: string;
  readonly ownerId: string;
  readonly kind: ChannelKind;
  readonly choice: ChannelChoice;
  /** How many channels the user may have. */
  readonly limit: number;
}

export interface ChannelFilter {
  /** Only channels that come after this one in the list. */
  readonly after?: Pick<Channel, 'createdAt' | 'id'> | undefined;
  readonly limit: number;
}

export interface ChannelChange {
  readonly ownerId: string;
  readonly id: string;
  /** Whether the caller knows this version. */
  readonly accepts: (version: number) => boolean;
  /** The choice as it shall be; what it throws undoes the change. */
  readonly choice: (stored: ConfiguredChannel) => Promise<ChannelChoice>;
}

/**
 * Throws `channel_limit_reached`, which no number of simultaneous calls passes, `channel_name_taken` or `confirmation_limit_reached`.
 * Has addresses that are not confirmed asked for that. Opens a transaction.
 */
export async function createChannel(
  db: Queryable,
  { id, ownerId, kind, choice, limit }: NewChannel,
): Promise<ConfiguredChannel> {
  return withFreeName(() =>
    db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM users WHERE id = ${ownerId}::uuid FOR NO KEY UPDATE`;
      if ((await tx.channel.count({ where: { ownerId } })) >= limit) {
        throw new DomainError(
          'channel_limit_reached',
          `You have as many channels as you may have: ${limit}.`,
        );
      }
      const row = await tx.channel.create({ data: { id, ownerId, kind, ...toColumns(choice) } });
      await askToConfirm(tx, {
        ownerId,
        channelId: id,
        addresses: recipientsOf(kind, choice.settings),
      });
      return toChannel(tx, row);
    }),
  );
}

/** The user's channels, oldest first. */
export async function listChannels(
  db: Queryable,
  ownerId: string,
  { after, limit }: ChannelFilter,
): Promise<ConfiguredChannel[]> {
  const rows = await db.channel.findMany({
    where: {
      ownerId,
      ...(after && {
        createdAt: { gte: after.createdAt },
        OR: [{ createdAt: { gt: after.createdAt } }, { id: { gt: after.id } }],
      }),
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: limit,
  });
  return Promise.all(rows.map((row) => toChannel(db, row)));
}

/** Null when the user has no such channel. */
export async function findChannel(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<ConfiguredChannel | null> {
  const row = await db.channel.findFirst({ where: { id, ownerId } });
  return row && toChannel(db, row);
}

/**
 * Null when the user has no such channel. Throws `version_mismatch`, `channel_name_taken` or `confirmation_limit_reached`. What is on
 * its way to a channel that gets disabled is dropped, but for ends of what it heard the openings of, and so is all to an address that is
 * taken out. New addresses that are not confirmed get a code. Opens a transaction.
 */
export async function updateChannel(
  db: Db,
  { ownerId, id, accepts, choice }: ChannelChange,
): Promise<ConfiguredChannel | null> {
  return withFreeName(() =>
    db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM channels WHERE id = ${id}::uuid AND user_id = ${ownerId}::uuid FOR NO KEY UPDATE`;
      const stored = await findChannel(tx, ownerId, id);
      if (!stored) return null;
      if (!accepts(stored.version))
        throw new DomainError('version_mismatch', 'The channel has changed since you read it.');
      const next = await choice(stored);
      if (!next.enabled) await dropWaiting(tx, id);
      const recipients = recipientsOf(stored.kind, next.settings);
      if (specOf(stored.kind).hasRecipients) await dropForeign(tx, id, recipients);
      const disabledReason = next.enabled ? null : stored.disabledReason;
      const stamp = {
        disabledReason,
        pausedUntil: null,
        version: stored.version + 1,
        updatedAt: await databaseNow(tx),
      };
      const row = await tx.channel.update({
        where: { id },
        data: { ...toColumns(next), ...stamp },
      });
      const isUnchanged = recipients === recipientsOf(stored.kind, stored.settings);
      if (!isUnchanged) await askToConfirm(tx, { ownerId, channelId: id, addresses: recipients });
      return toChannel(tx, row);
    }),
  );
}

async function dropForeign(
  tx: Queryable,
  channelId: string,
  recipients: readonly string[],
): Promise<void> {
  const where = {
    channelId,
    status: { in: ['pending' as const, 'held' as const] },
    recipient: { notIn: ['', ...recipients] },
  };
  await tx.notification.updateMany({ where, data: { status: 'dropped' } });
}

/** Removes the channel, and later its notifications; false when the owner has no such channel. */
export async function deleteChannel(db: Queryable, ownerId: string, id: string): Promise<boolean> {
  const { count } = await db.channel.deleteMany({ where: { id, ownerId } });
  return count > 0;
}

async function withFreeName<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!isDuplicate(error, 'channels_user_id_name_key')) throw error;
    throw new DomainError('channel_name_taken', 'You have a channel of this name.');
  }
}

function toColumns({ name, settings, enabled, isDefault, remindEverySeconds }: ChannelChoice) {
  return {
    name,
    settings: settings as Prisma.InputJsonObject,
    enabled,
    isDefault,
    remindEverySeconds,
  };
}

async function toChannel<
  Row extends {
    ownerId: string;
    kind: string;
    settings: Prisma.JsonValue;
    pausedUntil: Date | null;
  },
>(db: Queryable, { pausedUntil: _pause, ...row }: Row) {
  const configured = row as typeof row & ChannelSettings;
  return {
    ...configured,
    unconfirmed: await unconfirmedOf(
      db,
      row.ownerId,
      recipientsOf(configured.kind, configured.settings),
    ),
  };
}
