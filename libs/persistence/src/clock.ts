import type { Queryable } from './db.ts';

/** The database's clock at this moment, not at the start of the transaction. */
export async function databaseNow(db: Queryable): Promise<Date> {
  const [row] = await db.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS now`;
  return row.now;
}
