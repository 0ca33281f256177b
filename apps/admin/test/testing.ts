// For the tests and benchmarks of the whole, which reach packages through their exports only. No app imports this.
export {
  DoctorConfigSchema,
  MigrateConfigSchema,
  PopulateConfigSchema,
  RotateSecretsConfigSchema,
} from '../src/config.ts';
