import type { Db, Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';

/** Where encrypted texts are stored: in JSON columns, encrypted for the row's id. */
export const ENCRYPTED_PLACES = { monitors: 'settings', channels: 'settings' } as const;

export type EncryptedPlace = keyof typeof ENCRYPTED_PLACES;

export interface EncryptedRow {
  readonly id: string;
  readonly encrypted: Prisma.JsonValue;
}

/** Rows in a batch are locked; this many take milliseconds. */
const BATCH_SIZE = 100;

/**
 * Passes the rows after `after`, in the order of their ids, through `renew`, and stores changed
 * ones. Returns the last row's id, or null when there was none. Opens a transaction.
 */
export async function rotateEncryptedRows(
  db: Db,
  place: EncryptedPlace,
  after: string,
  renew: (row: EncryptedRow) => Promise<Prisma.JsonValue>,
): Promise<string | null> {
  const table = Prisma.raw(place);
  const column = Prisma.raw(ENCRYPTED_PLACES[place]);
  return db.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<EncryptedRow[]>`
      SELECT id, ${column} AS encrypted FROM ${table} WHERE id > ${after}::uuid AND ${column} <> '{}'::jsonb
      ORDER BY id LIMIT ${BATCH_SIZE} FOR NO KEY UPDATE`;
    for (const row of rows) {
      const renewed = JSON.stringify(await renew(row));
      if (renewed !== JSON.stringify(row.encrypted)) {
        await tx.$executeRaw`UPDATE ${table} SET ${column} = ${renewed}::jsonb WHERE id = ${row.id}::uuid`;
      }
    }
    return rows.at(-1)?.id ?? null;
  });
}

/** The first rows that hold something, by their ids: those in which a key that was replaced is the most likely. */
export async function sampleEncryptedRows(
  db: Queryable,
  place: EncryptedPlace,
  limit: number,
): Promise<EncryptedRow[]> {
  const table = Prisma.raw(place);
  const column = Prisma.raw(ENCRYPTED_PLACES[place]);
  return db.$queryRaw<EncryptedRow[]>`
    SELECT id, ${column} AS encrypted FROM ${table} WHERE ${column} <> '{}'::jsonb ORDER BY id LIMIT ${limit}`;
}
