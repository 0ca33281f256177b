import {
  comparePrivileges,
  readMigrationState,
  type Queryable,
  listShards,
} from '@gomon/persistence';
import { fault, list, ok, skipped, type Finding } from './finding.ts';

export async function checkMigrations(db: Queryable, directory: string): Promise<Finding> {
  const state = await readMigrationState(db, directory);
  if (!state) return skipped("only the database's owner can read which migrations were applied");
  const { applied, missing, unknown, edited, failed } = state;
  const faults = [
    ...(failed.length > 0 ? [`${list(failed)} failed`] : []),
    ...(missing.length > 0 ? [`${list(missing)} not applied: run gomon-admin migrate`] : []),
    ...(edited.length > 0 ? [`${list(edited)} edited after being applied`] : []),
    ...(unknown.length > 0
      ? [`${list(unknown)} unknown to this version: is the database of a later one?`]
      : []),
  ];
  return faults.length > 0 ? fault(faults.join('; ')) : ok(`all ${applied.length} are applied`);
}

export async function checkShards(db: Queryable, shardCount: number): Promise<Finding> {
  const { length } = await listShards(db);
  if (length === 0) return fault('there are none: run gomon-admin migrate');
  if (length !== shardCount)
    return fault(`the database was made with ${length}, but SHARD_COUNT is ${shardCount}`);
  return ok(`${length}, as SHARD_COUNT says`);
}

export async function checkPrivileges(db: Queryable): Promise<Finding> {
  const differences = await comparePrivileges(db);
  if (differences.length === 0)
    return skipped("the apps have no roles: they act as the database's owner");
  const faults = differences.flatMap(({ role, missing, excess }) => [
    ...(missing.length > 0 ? [`${role} lacks ${list(missing)}`] : []),
    ...(excess.length > 0 ? [`${role} has ${list(excess)}, which it must not have`] : []),
  ]);
  if (faults.length > 0) return fault(`${faults.join('; ')}: run gomon-admin migrate`);
  return ok(
    `${differences.map(({ role }) => role).join(' and ')} may do what they need and no more`,
  );
}
