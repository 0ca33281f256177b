import { INTERVALS_SECONDS } from '@gomon/domain';
import Type, { type Static } from 'typebox';

export const PopulateConfigSchema = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'PostgreSQL.' }),
  POPULATE_MONITORS: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 0,
    description: 'How many monitors the user "populate" shall have.',
  }),
  POPULATE_URL: Type.String({
    pattern: '^https?://',
    description: 'What they look at; the number of the monitor is put behind it.',
  }),
  POPULATE_INTERVAL_SECONDS: Type.Refine(
    Type.Integer({ default: 60, description: 'Their interval.' }),
    (seconds) => (INTERVALS_SECONDS as readonly number[]).includes(seconds),
    () => `must be one of ${INTERVALS_SECONDS.join(', ')}`,
  ),
  MAX_MONITORS_PER_USER: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 20,
    description: 'Maximum number of monitors per user.',
  }),
});

export type PopulateConfig = Static<typeof PopulateConfigSchema>;
