import { createShards, grantPrivileges, migrate } from '@gomon/persistence';
import { beside } from '../beside.ts';
import { createCommand } from '../command.ts';
import { MigrateConfigSchema } from '../config.ts';

/** May be interrupted, repeated, and run in several places at once. */
export const migrateCommand = createCommand(MigrateConfigSchema, async (config, { say }) => {
  const { DATABASE_URL: url } = config;
  const applied = await migrate(url, beside('migrations', 'prisma/migrations'));
  await createShards(url, config.SHARD_COUNT);
  await grantPrivileges(url, {
    api: config.API_DATABASE_PASSWORD,
    scheduler: config.SCHEDULER_DATABASE_PASSWORD,
  });
  say(applied.length > 0 ? `Applied ${applied.join(', ')}` : 'The database is up to date');
  return true;
});
