import { connect, type Db } from '@gomon/persistence';
import type { Surroundings } from './command.ts';

/** Runs `work` with a single connection, which is closed afterwards. */
export async function withDatabase<Answer>(
  url: string,
  command: string,
  { complain }: Pick<Surroundings, 'complain'>,
  work: (db: Db) => Promise<Answer>,
): Promise<Answer> {
  const db = connect({
    url,
    poolSize: 1,
    applicationName: `gomon-admin-${command}`,
    statementTimeoutMs: 60_000,
    onConnectionError: (error) => complain(`A database connection failed: ${error.message}`),
  });
  try {
    return await work(db);
  } finally {
    await db.$disconnect();
  }
}
