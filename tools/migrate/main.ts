import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createShards, grantPrivileges, migrate } from '@gomon/persistence';
import { describeError } from '../describe-error.ts';

/** Beside this program in an image, in prisma/ in the source tree. */
const places = ['migrations', '../../prisma/migrations'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

try {
  const databaseUrl = process.env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('DATABASE_URL is not set');
  const migrationsDir = places.find((path) => existsSync(path));
  if (!migrationsDir) throw new Error(`There are no migrations in ${places.join(' or ')}`);
  const shardCount = Number(process.env['SHARD_COUNT'] || 16);
  const applied = await migrate(databaseUrl, migrationsDir);
  await createShards(databaseUrl, shardCount);
  await grantPrivileges(databaseUrl, {
    api: process.env['API_DATABASE_PASSWORD'],
    scheduler: process.env['SCHEDULER_DATABASE_PASSWORD'],
  });
  console.log(applied.length > 0 ? `Applied ${applied.join(', ')}` : 'The database is up to date');
} catch (error) {
  console.error(`The migration failed: ${describeError(error)}`);
  process.exitCode = 1;
}
