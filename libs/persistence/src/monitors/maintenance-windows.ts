import { randomUUID } from 'node:crypto';
import { DomainError, type MaintenanceSpan, type MaintenanceWindow } from '@gomon/domain';
import { databaseNow } from '../db/clock.ts';
import type { Db, Queryable } from '../db/db.ts';

/** What an owner decides about a maintenance window, with the spans that follow from it up to `spansThrough`. */
export interface MaintenanceChoice extends Omit<
  MaintenanceWindow,
  'id' | 'version' | 'createdAt' | 'updatedAt'
> {
  readonly spans: readonly MaintenanceSpan[];
  readonly spansThrough: Date;
}

export interface MaintenanceWindowState extends MaintenanceWindow {
  /** Whether it is there now. */
  readonly isActive: boolean;
}

export interface NewMaintenanceWindow {
  readonly ownerId: string;
  readonly choice: MaintenanceChoice;
  /** How many windows the user may have. */
  readonly limit: number;
}

export interface MaintenanceWindowFilter {
  /** Only windows that come after this one in the list. */
  readonly after?: Pick<MaintenanceWindow, 'createdAt' | 'id'> | undefined;
  readonly limit: number;
}

export interface MaintenanceWindowChange {
  readonly ownerId: string;
  readonly id: string;
  /** Whether the caller knows this version. */
  readonly accepts: (version: number) => boolean;
  /** The choice as it shall be; what it throws undoes the change. */
  readonly choice: (stored: MaintenanceWindow, tx: Queryable) => Promise<MaintenanceChoice>;
}

/** Throws `maintenance_window_limit_reached`, which no number of simultaneous calls passes. Opens a transaction. */
export async function createMaintenanceWindow(
  db: Queryable,
  { ownerId, choice, limit }: NewMaintenanceWindow,
) {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM users WHERE id = ${ownerId}::uuid FOR NO KEY UPDATE`;
    if ((await tx.maintenanceWindow.count({ where: { ownerId } })) >= limit) {
      const detail = `You have as many maintenance windows as you may have: ${limit}.`;
      throw new DomainError('maintenance_window_limit_reached', detail);
    }
    const { spans, ...columns } = choice;
    const { id } = await tx.maintenanceWindow.create({
      data: { id: randomUUID(), ownerId, ...columns },
    });
    await addSpans(tx, id, spans);
    return (await findMaintenanceWindow(tx, ownerId, id)) as MaintenanceWindowState;
  });
}

/** The user's windows, oldest first. */
export async function listMaintenanceWindows(
  db: Queryable,
  ownerId: string,
  { after, limit }: MaintenanceWindowFilter,
) {
  const rows = await db.maintenanceWindow.findMany({
    where: {
      ownerId,
      ...(after && {
        createdAt: { gte: after.createdAt },
        OR: [{ createdAt: { gt: after.createdAt } }, { id: { gt: after.id } }],
      }),
    },
    omit: { ownerId: true, spansThrough: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: limit,
  });
  return withState(db, rows);
}

/** Null when the user has no such window. */
export async function findMaintenanceWindow(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<MaintenanceWindowState | null> {
  const rows = await db.maintenanceWindow.findMany({
    where: { id, ownerId },
    omit: { ownerId: true, spansThrough: true },
  });
  return (await withState(db, rows))[0] ?? null;
}

/** Null when the user has no such window. Throws `version_mismatch`. Opens a transaction. */
export async function updateMaintenanceWindow(
  db: Db,
  { ownerId, id, accepts, choice }: MaintenanceWindowChange,
) {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM maintenance_windows WHERE id = ${id}::uuid AND user_id = ${ownerId}::uuid FOR NO KEY UPDATE`;
    const stored = await findMaintenanceWindow(tx, ownerId, id);
    if (!stored) return null;
    if (!accepts(stored.version))
      throw new DomainError('version_mismatch', 'The window has changed since you read it.');
    const { spans, ...columns } = await choice(stored, tx);
    const data = { ...columns, version: stored.version + 1, updatedAt: await databaseNow(tx) };
    await tx.maintenanceWindow.update({ where: { id }, data });
    await tx.maintenanceSpan.deleteMany({ where: { windowId: id } });
    await addSpans(tx, id, spans);
    return findMaintenanceWindow(tx, ownerId, id);
  });
}

/** Removes the window: what it holds back is let go. False when the user has no such window. */
export async function deleteMaintenanceWindow(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<boolean> {
  const { count } = await db.maintenanceWindow.deleteMany({ where: { id, ownerId } });
  return count > 0;
}

export interface GrowingWindow extends MaintenanceWindow {
  /** Spans that begin before this are there. */
  readonly spansThrough: Date;
}

/** Windows whose spans are not there up to `through`; at most 500 behind `after`, by their ids. */
export async function windowsToGrow(
  db: Queryable,
  through: Date,
  after: string,
): Promise<GrowingWindow[]> {
  return db.maintenanceWindow.findMany({
    where: { spansThrough: { lt: through }, id: { gt: after } },
    omit: { ownerId: true },
    orderBy: { id: 'asc' },
    take: 500,
  });
}

/** Adds the spans that begin before `through`, unless the window has changed meanwhile. Opens a transaction. */
export async function growWindow(
  db: Db,
  { id, version }: GrowingWindow,
  spans: readonly MaintenanceSpan[],
  through: Date,
) {
  await db.$transaction(async (tx) => {
    const grown = await tx.maintenanceWindow.updateMany({
      where: { id, version },
      data: { spansThrough: through },
    });
    if (grown.count > 0) await addSpans(tx, id, spans);
  });
}

async function addSpans(
  tx: Queryable,
  windowId: string,
  spans: readonly MaintenanceSpan[],
): Promise<void> {
  const data = spans.map(({ from, until }) => ({ windowId, fromAt: from, untilAt: until }));
  await tx.maintenanceSpan.createMany({ data, skipDuplicates: true });
}

async function withState<Row extends { id: string }>(db: Queryable, rows: readonly Row[]) {
  const now = await databaseNow(db);
  const where = {
    windowId: { in: rows.map((row) => row.id) },
    fromAt: { lte: now },
    untilAt: { gt: now },
  };
  const active = new Set(
    (await db.maintenanceSpan.findMany({ where, select: { windowId: true } })).map(
      (span) => span.windowId,
    ),
  );
  return rows.map((row) => ({ ...row, isActive: active.has(row.id) }));
}
