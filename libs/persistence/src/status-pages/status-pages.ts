import { randomUUID } from 'node:crypto';
import {
  DomainError,
  type StatusPage,
  type StatusPageGroup,
  type StatusPageSettings,
} from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import { databaseNow } from '../db/clock.ts';
import type { Db, Queryable } from '../db/db.ts';
import { isDuplicate } from '../db/fault.ts';
import type { Prisma } from '../generated/client.ts';

export interface NewStatusPage {
  readonly ownerId: string;
  readonly settings: StatusPageSettings;
  /** The most pages a user may have. */
  readonly limit: number;
}

export interface StatusPageFilter {
  /** Only pages after this one in the list. */
  readonly after?: Pick<StatusPage, 'createdAt' | 'id'> | undefined;
  readonly limit: number;
}

export interface StatusPageChange {
  readonly ownerId: string;
  readonly id: string;
  /** Whether the caller knows this version. */
  readonly accepts: (version: number) => boolean;
  readonly settings: Partial<StatusPageSettings>;
}

/**
 * Throws `status_page_limit_reached`, or `slug_taken`; simultaneous calls cannot exceed the limit.
 * Opens a transaction.
 */
export async function createStatusPage(
  db: Queryable,
  { ownerId, settings, limit }: NewStatusPage,
): Promise<StatusPage> {
  return withFreeSlug(() =>
    db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM users WHERE id = ${ownerId}::uuid FOR NO KEY UPDATE`;
      if ((await tx.statusPage.count({ where: { ownerId } })) >= limit) {
        throw new DomainError(
          'status_page_limit_reached',
          `You have as many status pages as you may have: ${limit}.`,
        );
      }
      const page = await tx.statusPage.create({
        data: { id: randomUUID(), ownerId, ...toColumns(settings) },
      });
      return first(await withMonitorsThatAre(tx, [page]));
    }),
  );
}

/** The user's pages, oldest first. */
export async function listStatusPages(
  db: Queryable,
  ownerId: string,
  { after, limit }: StatusPageFilter,
): Promise<StatusPage[]> {
  const rows = await db.statusPage.findMany({
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
  return withMonitorsThatAre(db, rows);
}

/** Null when the user has no such page. */
export async function findStatusPage(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<StatusPage | null> {
  const [page] = await withMonitorsThatAre(
    db,
    await db.statusPage.findMany({ where: { id, ownerId } }),
  );
  return page ?? null;
}

/** Null when the user has no such page. Throws `version_mismatch` or `slug_taken`. Opens a transaction. */
export async function updateStatusPage(
  db: Db,
  { ownerId, id, accepts, settings }: StatusPageChange,
): Promise<StatusPage | null> {
  return withFreeSlug(() =>
    db.$transaction(async (tx) => {
      const [stored] = await tx.$queryRaw<{ version: number }[]>`
        SELECT version FROM status_pages WHERE id = ${id}::uuid AND user_id = ${ownerId}::uuid FOR NO KEY UPDATE`;
      if (!stored) return null;
      if (!accepts(stored.version))
        throw new DomainError('version_mismatch', 'The page has changed since you read it.');
      const data = {
        ...toColumns(settings),
        version: stored.version + 1,
        updatedAt: await databaseNow(tx),
      };
      return first(
        await withMonitorsThatAre(tx, [await tx.statusPage.update({ where: { id }, data })]),
      );
    }),
  );
}

/** Removes the page with its messages; false when the user has no such page. */
export async function deleteStatusPage(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<boolean> {
  const { count } = await db.statusPage.deleteMany({ where: { id, ownerId } });
  return count > 0;
}

/** The ids that are not monitors of the user. */
export async function missingMonitors(
  db: Queryable,
  ownerId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM monitors WHERE id = ANY(${arrayLiteral(ids)}::uuid[]) AND user_id = ${ownerId}::uuid`;
  const own = new Set(rows.map((row) => row.id));
  return new Set(ids.filter((id) => !own.has(id.toLowerCase())));
}

type StatusPageRow = Omit<StatusPage, 'groups'> & { readonly groups: Prisma.JsonValue };

/** Omits monitors removed since the pages were written. */
async function withMonitorsThatAre(
  db: Queryable,
  rows: readonly StatusPageRow[],
): Promise<StatusPage[]> {
  const pages = rows.map((row) => ({ ...row, groups: row.groups as unknown as StatusPageGroup[] }));
  const ids = pages.flatMap(({ groups }) => groups.flatMap(({ monitorIds }) => monitorIds));
  const missing = await missingMonitors(db, pages[0]?.ownerId ?? '', ids);
  return pages.map((page) => ({
    ...page,
    groups: page.groups.map(({ name, monitorIds }) => ({
      name,
      monitorIds: monitorIds.filter((id) => !missing.has(id)),
    })),
  }));
}

function toColumns<Settings extends Partial<StatusPageSettings>>({
  groups,
  ...settings
}: Settings) {
  return {
    ...settings,
    ...(groups && { groups: groups as unknown as Prisma.InputJsonValue }),
  } as Omit<Settings, 'groups'> & {
    groups: Prisma.InputJsonValue;
  };
}

function first<Item>(items: readonly Item[]): Item {
  return items[0] as Item;
}

async function withFreeSlug<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (isDuplicate(error, 'status_pages_slug_key'))
      throw new DomainError('slug_taken', 'Another status page already uses this slug.');
    throw error;
  }
}
