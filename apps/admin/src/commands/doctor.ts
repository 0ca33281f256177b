import type { Db } from '@gomon/persistence';
import { beside } from '../beside.ts';
import { createCommand, type Surroundings } from '../command.ts';
import { DoctorConfigSchema, type DoctorConfig } from '../config.ts';
import { checkProbers, checkSchedulers } from '../doctor/check-apps.ts';
import { checkQueueRedis, checkWindowRedis } from '../doctor/check-redis.ts';
import { checkMigrations, checkPrivileges, checkShards } from '../doctor/check-schema.ts';
import { checkSecrets } from '../doctor/check-secrets.ts';
import { checkClock, checkServer } from '../doctor/check-server.ts';
import { findingOf, skipped, type Finding } from '../doctor/finding.ts';
import { withDatabase } from '../with-database.ts';

/** Says a line for each check. Changes nothing. */
export const doctorCommand = createCommand(DoctorConfigSchema, async (config, surroundings) => {
  const findings: Finding[] = [];
  const tell = async (subject: string, check: () => Promise<Finding>) => {
    const finding = await findingOf(check);
    findings.push(finding);
    surroundings.say(`${finding.verdict.padEnd(8)}${subject}: ${finding.text}`);
    return finding.verdict !== 'fault';
  };
  await withDatabase(config.DATABASE_URL, 'doctor', surroundings, async (db) => {
    const answers = await tell('database', () => checkServer(db));
    for (const [subject, check] of databaseChecks(db, config, surroundings)) {
      await tell(subject, answers ? check : async () => skipped('see the database'));
    }
  });
  await tell('queue', () => checkQueueRedis(config.QUEUE_REDIS_URL));
  await tell('windows', () => checkWindowRedis(config.WINDOW_REDIS_URL));
  const faults = findings.filter(({ verdict }) => verdict === 'fault').length;
  surroundings.say(
    faults === 0 ? 'No faults found' : `${faults} ${faults === 1 ? 'fault' : 'faults'} found`,
  );
  return faults === 0;
});

type Check = readonly [subject: string, check: () => Promise<Finding>];

function databaseChecks(db: Db, config: DoctorConfig, { now }: Surroundings): readonly Check[] {
  return [
    ['clock', () => checkClock(db, now)],
    ['migrations', () => checkMigrations(db, beside('migrations', 'prisma/migrations'))],
    ['shards', () => checkShards(db, config.SHARD_COUNT)],
    ['privileges', () => checkPrivileges(db)],
    ['secrets', () => checkSecrets(db, config)],
    ['schedulers', () => checkSchedulers(db)],
    ['probers', () => checkProbers(db)],
  ];
}
