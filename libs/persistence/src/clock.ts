import { readRows, type Queryable } from './db.ts';
import { Prisma } from './generated/client.ts';

/** The database's clock at this moment, not at the start of the transaction. */
export async function databaseNow(db: Queryable): Promise<Date> {
  const [row] = await readRows<{ now: Date }>(db, Prisma.sql`/* prepared */ SELECT clock_timestamp() AS now`);
  if (!row) throw new Error('the database does not tell the time');
  return row.now;
}
