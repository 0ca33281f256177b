import { createTestDatabase } from '@gomon/test-support';
import { connect } from '../src/index.ts';

/** A database for one spec file, and a pool of connections to it. */
export async function openTestDb({ poolSize = 2, statementTimeoutMs = 5000 } = {}) {
  const database = await createTestDatabase();
  const db = connect({
    url: database.url,
    poolSize,
    applicationName: 'test',
    statementTimeoutMs,
    onConnectionError: () => undefined,
  });
  const close = async () => {
    await db.$disconnect();
    await database.drop();
  };
  return { db, url: database.url, close };
}
