import { ApiConfigSchema } from '../../apps/api/src/config.ts';
import { ProberConfigSchema } from '../../apps/prober/src/config.ts';
import { SchedulerConfigSchema } from '../../apps/scheduler/src/config.ts';
import { PopulateConfigSchema } from '../../tools/populate/config.ts';
import { ResealConfigSchema } from '../../tools/reseal/config.ts';

export interface Variable {
  readonly description?: string;
  readonly default?: string | number;
}

export const schemas = {
  api: ApiConfigSchema,
  scheduler: SchedulerConfigSchema,
  prober: ProberConfigSchema,
  populate: PopulateConfigSchema,
  rotate: ResealConfigSchema,
};

/** Every variable that is read, by the program that reads it. The migration is a few lines and has no schema. */
export const variablesOf: Record<string, Record<string, Variable>> = {
  ...Object.fromEntries(
    Object.entries(schemas).map(([program, schema]) => [program, schema.properties as Record<string, Variable>]),
  ),
  migrate: {
    DATABASE_URL: { description: 'PostgreSQL.' },
    SHARD_COUNT: { default: 16, description: 'The number of shards, fixed when the database is made.' },
    API_DATABASE_PASSWORD: { default: '', description: 'Of the role gomon_api, which is made with it.' },
    SCHEDULER_DATABASE_PASSWORD: { default: '', description: 'Of the role gomon_scheduler, which is made with it.' },
  },
};
