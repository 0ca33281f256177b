import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { withAdmin } from './servers/admin-connection.ts';
import { serverUrl } from './servers/server-url.ts';
import { passwordOf, TEMPLATE } from './template-database.ts';

export interface TestDatabase {
  url: string;
  /** For the role of an app, `gomon_api` or `gomon_scheduler`; `url` is the owner's. */
  urlAs(role: string): string;
  /** Ends the sessions that are still open in it. */
  drop(): Promise<void>;
}

const OBJECT_IN_USE = '55006';
const ATTEMPTS = 100;

/** A migrated database of the caller's own, with 4 shards. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = serverUrl('TEST_POSTGRES_URL');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withAdmin(server, (admin) => clone(admin, name));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    urlAs: (role) =>
      Object.assign(new URL(url), {
        username: role,
        password: encodeURIComponent(passwordOf(role)),
      }).href,
    drop: () =>
      withAdmin(
        server,
        async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
      ),
  };
}

/** PostgreSQL refuses to clone a database while something, such as autovacuum, is connected to it. */
async function clone(admin: pg.Client, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
      return;
    } catch (error) {
      if (
        !(error instanceof pg.DatabaseError) ||
        error.code !== OBJECT_IN_USE ||
        attempt === ATTEMPTS
      )
        throw error;
      await delay(100);
    }
  }
}
