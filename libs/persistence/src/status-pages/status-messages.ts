import { randomUUID } from 'node:crypto';
import { DomainError, type StatusMessage, type StatusMessageSettings } from '@gomon/domain';
import type { Queryable } from '../db/db.ts';

export interface StatusMessageFilter {
  /** Only messages after this one in the list. */
  readonly after?: Pick<StatusMessage, 'startsAt' | 'id'> | undefined;
  readonly limit: number;
}

/** A page and its required owner. */
export interface OwnPage {
  readonly ownerId: string;
  readonly pageId: string;
}

const shown = {
  id: true,
  title: true,
  body: true,
  kind: true,
  startsAt: true,
  endsAt: true,
} as const;

export interface NewStatusMessage {
  readonly settings: StatusMessageSettings;
  /** The most messages a page may have. */
  readonly limit: number;
}

/**
 * Null when the user has no such page. Throws `status_message_limit_reached`; simultaneous calls
 * cannot exceed the limit. Opens a transaction.
 */
export async function createStatusMessage(
  db: Queryable,
  { ownerId, pageId }: OwnPage,
  { settings, limit }: NewStatusMessage,
): Promise<StatusMessage | null> {
  return db.$transaction(async (tx) => {
    const locked = await tx.$executeRaw`
      SELECT FROM status_pages WHERE id = ${pageId}::uuid AND user_id = ${ownerId}::uuid FOR NO KEY UPDATE`;
    if (locked === 0) return null;
    if ((await tx.statusMessage.count({ where: { pageId } })) >= limit) {
      throw new DomainError(
        'status_message_limit_reached',
        `The page has as many messages as it may have: ${limit}.`,
      );
    }
    return tx.statusMessage.create({
      data: { id: randomUUID(), pageId, ...settings },
      select: shown,
    });
  });
}

/** The messages of the user's page, latest start first. */
export async function listStatusMessages(
  db: Queryable,
  { ownerId, pageId }: OwnPage,
  { after, limit }: StatusMessageFilter,
): Promise<StatusMessage[]> {
  return db.statusMessage.findMany({
    where: {
      pageId,
      page: { ownerId },
      ...(after && {
        startsAt: { lte: after.startsAt },
        OR: [{ startsAt: { lt: after.startsAt } }, { id: { gt: after.id } }],
      }),
    },
    select: shown,
    orderBy: [{ startsAt: 'desc' }, { id: 'asc' }],
    take: limit,
  });
}

/**
 * The message with `settings` applied; null when the user's page has no such message. Opens a
 * transaction.
 */
export async function updateStatusMessage(
  db: Queryable,
  { ownerId, pageId }: OwnPage,
  id: string,
  settings: (stored: StatusMessage) => StatusMessageSettings,
): Promise<StatusMessage | null> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT FROM status_messages WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    const stored = await tx.statusMessage.findFirst({
      where: { id, pageId, page: { ownerId } },
      select: shown,
    });
    return (
      stored && tx.statusMessage.update({ where: { id }, data: settings(stored), select: shown })
    );
  });
}

/** False when the user's page has no such message. */
export async function deleteStatusMessage(
  db: Queryable,
  { ownerId, pageId }: OwnPage,
  id: string,
): Promise<boolean> {
  const { count } = await db.statusMessage.deleteMany({ where: { id, pageId, page: { ownerId } } });
  return count > 0;
}
