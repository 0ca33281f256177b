import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = [
  'jwtSecret',
  'secretsKey',
  'postgresPassword',
  'apiDatabasePassword',
  'schedulerDatabasePassword',
  'redisPassword',
  'proberRedisPassword',
  'demoPassword',
] as const;

export type Secrets = Record<(typeof NAMES)[number], string>;

/** The secrets of this data directory: each made once, readable by their owner only. */
export function loadSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  const known = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>)
    : {};
  const secrets = Object.fromEntries(
    NAMES.map((name) => [name, known[name] ?? randomBytes(32).toString('hex')]),
  ) as Secrets;
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}
