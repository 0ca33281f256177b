import { connect } from '@gomon/persistence';
import { loadConfig } from '@gomon/runtime';
import { describeError } from '../describe-error.ts';
import { PopulateConfigSchema } from './config.ts';
import { populate } from './populate.ts';

try {
  const config = loadConfig(PopulateConfigSchema, process.env);
  const db = connect({
    url: config.DATABASE_URL,
    poolSize: 1,
    applicationName: 'gomon-populate',
    statementTimeoutMs: 60_000,
    onConnectionError: (error) => console.error(`A database connection failed: ${error.message}`),
  });
  try {
    await populate(db, config, (line) => console.log(line));
  } finally {
    await db.$disconnect();
  }
} catch (error) {
  console.error(`Populating failed: ${describeError(error)}`);
  process.exitCode = 1;
}
