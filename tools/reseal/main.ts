import { createEncryption } from '@gomon/encryption';
import { connect } from '@gomon/persistence';
import { loadConfig } from '@gomon/runtime';
import { describeError } from '../describe-error.ts';
import { ResealConfigSchema } from './config.ts';
import { reseal } from './reseal.ts';

try {
  const config = loadConfig(ResealConfigSchema, process.env);
  const db = connect({
    url: config.DATABASE_URL,
    poolSize: 1,
    applicationName: 'gomon-reseal',
    statementTimeoutMs: 60_000,
    onConnectionError: (error) => console.error(`A database connection failed: ${error.message}`),
  });
  try {
    const { resealed, lost } = await reseal(db, await createEncryption(config.SECRETS_KEY, config.SECRETS_KEY_PREVIOUS));
    console.log(`${resealed} secrets are encrypted under SECRETS_KEY now that were not before`);
    for (const place of lost) console.error(`Neither key opens a secret of ${place}`);
    if (lost.length > 0) process.exitCode = 1;
  } finally {
    await db.$disconnect();
  }
} catch (error) {
  console.error(`Resealing failed: ${describeError(error)}`);
  process.exitCode = 1;
}
