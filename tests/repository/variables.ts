import {
  DoctorConfigSchema,
  MigrateConfigSchema,
  PopulateConfigSchema,
  RotateSecretsConfigSchema,
} from '@gomon/admin/testing';
import { ApiConfigSchema } from '@gomon/api/testing';
import { ProberConfigSchema } from '@gomon/prober/testing';
import { SchedulerConfigSchema } from '@gomon/scheduler/testing';

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
  Object.entries(schemas).map(([program, schema]) => [
    program,
    schema.properties as Record<string, Variable>,
  ]),
);
