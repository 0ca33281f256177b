import type { Queryable } from '../db/db.ts';
import { readMigrations } from '../db/migrate.ts';

/** How a database differs from the migrations of this version, by their names. */
export interface MigrationState {
  readonly applied: readonly string[];
  readonly missing: readonly string[];
  /** Applied, but of no migration here: the database is of a later version. */
  readonly unknown: readonly string[];
  /** Applied with another text. */
  readonly edited: readonly string[];
  /** Begun and not ended. */
  readonly failed: readonly string[];
}

interface Row {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** Null where the role of the connection may not read which migrations were applied. */
export async function readMigrationState(
  db: Queryable,
  directory: string,
): Promise<MigrationState | null> {
  const [table] = await db.$queryRaw<[{ exists: boolean; readable: boolean | null }]>`
    SELECT oid IS NOT NULL AS exists, has_table_privilege(oid, 'SELECT') AS readable
    FROM (SELECT to_regclass('_prisma_migrations')::oid AS oid) AS it`;
  if (table.exists && !table.readable) return null;
  const rows = table.exists
    ? await db.$queryRaw<Row[]>`
        SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
        FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`
    : [];
  const here = new Map(
    (await readMigrations(directory)).map(({ name, checksum }) => [name, checksum]),
  );
  const there = new Set(rows.map(({ name }) => name));
  const named = (those: readonly Row[]) => those.map(({ name }) => name);
  return {
    applied: named(rows.filter(({ finished }) => finished)),
    missing: [...here.keys()].filter((name) => !there.has(name)),
    unknown: named(rows.filter(({ name }) => !here.has(name))),
    edited: named(
      rows.filter(({ name, checksum }) => here.has(name) && here.get(name) !== checksum),
    ),
    failed: named(rows.filter(({ finished }) => !finished)),
  };
}
