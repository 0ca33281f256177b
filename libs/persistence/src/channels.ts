import type { Queryable } from './db.ts';

/** Those of the ids that are no channel of the user's. */
export async function missingChannels(db: Queryable, userId: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.channel.findMany({ where: { userId, id: { in: [...ids] } }, select: { id: true } });
  const own = new Set(rows.map((row) => row.id));
  return new Set(ids.filter((id) => !own.has(id)));
}

/** Makes these, so far as they are the user's, the channels of the monitor. */
export async function linkChannels(tx: Queryable, userId: string, monitorId: string, ids: readonly string[]): Promise<void> {
  await tx.monitorChannel.deleteMany({ where: { monitorId, channelId: { notIn: [...ids] } } });
  const own = await tx.channel.findMany({ where: { userId, id: { in: [...ids] } }, select: { id: true } });
  await tx.monitorChannel.createMany({ data: own.map(({ id }) => ({ monitorId, channelId: id })), skipDuplicates: true });
}
