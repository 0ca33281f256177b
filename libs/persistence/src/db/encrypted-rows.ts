import type { Db } from './db.ts';
import { Prisma } from '../generated/client.ts';

/** Where sealed texts are kept: in JSON of rows, sealed for the row's id. */
export const SEALED_PLACES = { monitors: 'headers', channels: 'settings' } as const;

export type SealedPlace = keyof typeof SEALED_PLACES;

export interface SealedRow {
  readonly id: string;
  readonly sealed: Prisma.JsonValue;
}

/** Nobody changes the rows of a batch meanwhile; so many are through within milliseconds. */
const BATCH_SIZE = 100;

/**
 * Passes the rows behind `after`, in the order of their ids, through `renew`, and stores what comes out another. Returns the
 * last row's id, null when there was none. Opens a transaction.
 */
export async function renewSealedRows(
  db: Db,
  place: SealedPlace,
  after: string,
  renew: (row: SealedRow) => Promise<Prisma.JsonValue>,
): Promise<string | null> {
  const [table, column] = [Prisma.raw(place), Prisma.raw(SEALED_PLACES[place])];
  return db.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<SealedRow[]>`
      SELECT id, ${column} AS sealed FROM ${table} WHERE id > ${after}::uuid AND ${column} <> '{}'::jsonb
      ORDER BY id LIMIT ${BATCH_SIZE} FOR NO KEY UPDATE`;
    for (const row of rows) {
      const renewed = JSON.stringify(await renew(row));
      if (renewed !== JSON.stringify(row.sealed)) {
        await tx.$executeRaw`UPDATE ${table} SET ${column} = ${renewed}::jsonb WHERE id = ${row.id}::uuid`;
      }
    }
    return rows.at(-1)?.id ?? null;
  });
}
