import { INTERVALS_SECONDS } from '@gomon/domain';
import { previousSecret, secret } from '@gomon/runtime';
import Type, { type Static } from 'typebox';

const DATABASE_URL = Type.String({ minLength: 1, description: 'PostgreSQL.' });
const SHARD_COUNT = Type.Integer({
  minimum: 1,
  maximum: 1024,
  default: 16,
  description: 'The number of shards, fixed when the database is made.',
});
const password = (role: string) =>
  Type.String({
    default: '',
    writeOnly: true,
    description: `Makes the role ${role} with this password, or changes its password.`,
  });

export const MigrateConfigSchema = Type.Object({
  DATABASE_URL,
  SHARD_COUNT,
  API_DATABASE_PASSWORD: password('gomon_api'),
  SCHEDULER_DATABASE_PASSWORD: password('gomon_scheduler'),
});

export const PopulateConfigSchema = Type.Object({
  DATABASE_URL,
  POPULATE_MONITORS: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 0,
    description: 'How many monitors the user "populate" gets.',
  }),
  POPULATE_URL: Type.String({
    pattern: '^https?://',
    description: "The monitors' URL; each monitor's number is put at its end.",
  }),
  POPULATE_INTERVAL_SECONDS: Type.Refine(
    Type.Integer({ default: 60, description: "The monitors' interval." }),
    (seconds) => (INTERVALS_SECONDS as readonly number[]).includes(seconds),
    () => `must be one of ${INTERVALS_SECONDS.join(', ')}`,
  ),
  MAX_MONITORS_PER_USER: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 20,
    description: 'How many monitors a user may have.',
  }),
});

export const RotateSecretsConfigSchema = Type.Object({
  DATABASE_URL,
  SECRETS_KEY: secret('The key under which every secret is encrypted afterwards.'),
  SECRETS_KEY_PREVIOUS: previousSecret('The key before it, which nothing needs afterwards.'),
});

export const DoctorConfigSchema = Type.Object({
  DATABASE_URL,
  SHARD_COUNT,
  QUEUE_REDIS_URL: Type.String({
    default: '',
    description: 'The Redis of the job queues; not checked when empty.',
  }),
  WINDOW_REDIS_URL: Type.String({
    default: '',
    description: 'The Redis of the window cache, or a comma list; not checked when empty.',
  }),
  SECRETS_KEY: previousSecret('The key of the stored secrets; not checked when empty.'),
  SECRETS_KEY_PREVIOUS: previousSecret('The key before it.'),
});

export type MigrateConfig = Static<typeof MigrateConfigSchema>;
export type PopulateConfig = Static<typeof PopulateConfigSchema>;
export type RotateSecretsConfig = Static<typeof RotateSecretsConfigSchema>;
export type DoctorConfig = Static<typeof DoctorConfigSchema>;
