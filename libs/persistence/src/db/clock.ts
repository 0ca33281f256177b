import { readRow, type Queryable } from './db.ts';
import { Prisma } from '../generated/client.ts';

/** The database's clock now, not at the start of the transaction. */
export async function databaseNow(db: Queryable): Promise<Date> {
  const { now } = await readRow<{ now: Date }>(
    db,
    Prisma.sql`/* prepared */ SELECT clock_timestamp() AS now`,
  );
  return now;
}
