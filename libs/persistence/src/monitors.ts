import type { Monitor, MonitorState, ProbeMethod } from '@gomon/domain';
import { latestChecks, type LatestCheck, type MonitorLocation } from './checks.ts';
import type { Queryable } from './db.ts';
import type { Prisma } from './generated/client.ts';

export interface MonitorWithState extends Monitor {
  readonly state: MonitorState;
}

export interface MonitorFilter {
  /** Part of the name, whatever its case. */
  readonly name?: string | undefined;
  readonly paused?: boolean | undefined;
  readonly alerting?: boolean | undefined;
  /** Only monitors that come after this one in the list. */
  readonly after?: Pick<Monitor, 'createdAt' | 'id'> | undefined;
  readonly limit: number;
}

const open = { resolvedAt: null };

/** What a row of `monitors` is read with. */
export const monitorRelations = {
  channels: { select: { channelId: true }, orderBy: { channelId: 'asc' } },
  alerts: { where: open, select: { id: true } },
} as const satisfies Prisma.MonitorInclude;

export type MonitorRow = Prisma.MonitorGetPayload<{ include: typeof monitorRelations }>;

/** The user's monitors, oldest first. */
export async function listMonitors(db: Queryable, userId: string, filter: MonitorFilter): Promise<MonitorWithState[]> {
  const { name, paused, alerting, after, limit } = filter;
  const rows = await db.monitor.findMany({
    where: {
      userId,
      paused,
      name: name === undefined ? undefined : { contains: escapePattern(name), mode: 'insensitive' },
      alerts: alerting === undefined ? undefined : { [alerting ? 'some' : 'none']: open },
      ...(after && {
        createdAt: { gte: after.createdAt },
        OR: [{ createdAt: { gt: after.createdAt } }, { id: { gt: after.id } }],
      }),
    },
    include: monitorRelations,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: limit,
  });
  const latest = await latestChecks(db, rows);
  return rows.map((row) => ({ ...toMonitor(row), state: toState(row, latest.get(row.id)) }));
}

/** Null when the user has no such monitor. */
export async function findMonitor(db: Queryable, userId: string, id: string): Promise<MonitorWithState | null> {
  const row = await db.monitor.findFirst({ where: { id, userId }, include: monitorRelations });
  return row && withState(db, row);
}

/** Where the rows of the user's monitor are; null when the user has no such monitor. */
export async function locateMonitor(db: Queryable, userId: string, id: string): Promise<MonitorLocation | null> {
  return db.monitor.findFirst({ where: { id, userId }, select: { id: true, shard: true } });
}

/** Removes the monitor with its alerts; false when the user has no such monitor. Its checks go with their partitions. */
export async function deleteMonitor(db: Queryable, userId: string, id: string): Promise<boolean> {
  const { count } = await db.monitor.deleteMany({ where: { id, userId } });
  return count > 0;
}

/** A row as the domain knows it. */
export function toMonitor(row: MonitorRow): Monitor {
  return {
    id: row.id,
    userId: row.userId,
    name: row.name,
    url: row.url,
    threshold: row.threshold,
    intervalSeconds: row.intervalSeconds,
    timeoutMs: row.timeoutMs,
    windowSeconds: row.windowSeconds,
    method: row.method as ProbeMethod,
    headers: row.headers as Record<string, string>,
    expectedStatus: row.expectedStatus,
    bodyContains: row.bodyContains,
    followRedirects: row.followRedirects,
    paused: row.paused,
    channelIds: row.channels.map((channel) => channel.channelId),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export async function withState(db: Queryable, row: MonitorRow): Promise<MonitorWithState> {
  const latest = await latestChecks(db, [row]);
  return { ...toMonitor(row), state: toState(row, latest.get(row.id)) };
}

function toState(row: MonitorRow, latest: LatestCheck | undefined): MonitorState {
  return {
    alerting: row.alerts.length > 0,
    lastSlot: latest?.slot ?? null,
    lastOutcome: latest?.outcome ?? null,
    lastStatusCode: latest?.statusCode ?? null,
    lastReason: latest?.reason ?? null,
  };
}

/** Text for LIKE that stands for itself. */
function escapePattern(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}
