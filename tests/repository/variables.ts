import {
  DoctorConfigSchema,
  MigrateConfigSchema,
  PopulateConfigSchema,
  RotateSecretsConfigSchema,
} from '../../apps/admin/src/config.ts';
import { ApiConfigSchema } from '../../apps/api/src/config.ts';
import { ProberConfigSchema } from '../../apps/prober/src/config.ts';
import { SchedulerConfigSchema } from '../../apps/scheduler/src/config.ts';

export interface Variable {
  readonly description?: string;
  readonly default?: string | number;
}

/** By the app, or the command of gomon-admin. */
export const schemas = {
  api: ApiConfigSchema,
  scheduler: SchedulerConfigSchema,
  prober: ProberConfigSchema,
  migrate: MigrateConfigSchema,
  doctor: DoctorConfigSchema,
  'rotate-secrets': RotateSecretsConfigSchema,
  populate: PopulateConfigSchema,
};

/** Every variable that is read, by the program that reads it. */
export const variablesOf: Record<string, Record<string, Variable>> = Object.fromEntries(
  Object.entries(schemas).map(([program, schema]) => [program, schema.properties as Record<string, Variable>]),
);
