import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withAdmin } from './servers/admin-connection.ts';

export const TEMPLATE = 'gomon_template';
export const TEST_SHARD_COUNT = 4;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const LOCK = 470_311;

/**
 * Makes the migrated database that each spec file's own is cloned from, unless this server has today's already:
 * partitions reach a week ahead of the day on which they are made. Callers on the same server wait for one another.
 */
export async function prepareTemplate(serverUrl: string): Promise<void> {
  await withAdmin(serverUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [LOCK]); // Freed when the connection ends.
    const fingerprint = describeTemplate();
    const { rows } = await admin.query<{ made: string | null }>(
      "SELECT shobj_description(oid, 'pg_database') AS made FROM pg_database WHERE datname = $1",
      [TEMPLATE],
    );
    if (rows[0]?.made === fingerprint) return;
    await admin.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${TEMPLATE}`);
    await migrate(serverUrl);
    await admin.query(`COMMENT ON DATABASE ${TEMPLATE} IS '${fingerprint}'`);
  });
}

/** Roles belong to the server, which all tests share: the same passwords everywhere. */
export const passwordOf = (role: string) => `password of ${role}`;

/** A separate process, so that the tests' servers do not depend on the code under test. */
async function migrate(serverUrl: string): Promise<void> {
  const url = new URL(serverUrl);
  url.pathname = `/${TEMPLATE}`;
  const passwords = {
    API_DATABASE_PASSWORD: passwordOf('gomon_api'),
    SCHEDULER_DATABASE_PASSWORD: passwordOf('gomon_scheduler'),
  };
  const env = {
    ...process.env,
    ...passwords,
    DATABASE_URL: url.href,
    SHARD_COUNT: String(TEST_SHARD_COUNT),
  };
  await promisify(execFile)(process.execPath, [join(root, 'apps/admin/src/main.ts'), 'migrate'], {
    cwd: root,
    env,
  });
}

function describeTemplate(): string {
  const hash = createHash('sha256').update(new Date().toISOString().slice(0, 10));
  for (const directory of ['prisma/migrations', 'libs/persistence/src']) {
    for (const entry of readdirSync(join(root, directory), {
      recursive: true,
      withFileTypes: true,
    })) {
      if (entry.isFile() && !entry.parentPath.includes('generated'))
        hash.update(readFileSync(join(entry.parentPath, entry.name)));
    }
  }
  return hash.digest('hex');
}
