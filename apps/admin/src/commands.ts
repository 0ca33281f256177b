import type { Command } from './command.ts';

interface Entry {
  readonly summary: string;
  /** Each command loads only what it needs itself. */
  readonly load: () => Promise<Command>;
}

export const COMMANDS: Readonly<Record<string, Entry>> = {
  migrate: {
    summary: 'apply the migrations, make the shards, grant the apps their privileges',
    load: async () => (await import('./commands/migrate.ts')).migrateCommand,
  },
  doctor: {
    summary: 'check the database, the Redis servers, the secrets key and the running apps',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  'rotate-secrets': {
    summary: 'encrypt every stored secret under the present SECRETS_KEY',
    load: async () => (await import('./commands/rotate-secrets.ts')).rotateSecretsCommand,
  },
  populate: {
    summary: 'give the user "populate" numbered monitors, for experiments',
    load: async () => (await import('./commands/populate.ts')).populateCommand,
  },
};
