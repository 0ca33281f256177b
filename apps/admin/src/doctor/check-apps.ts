import { CYCLE_LIMITS } from '@gomon/domain';
import { readStatus, type Queryable } from '@gomon/persistence';
import { fault, ok, skipped, type Finding } from './finding.ts';

/** By what schedulers write to the database: the same that /v1/status reads. */
export async function checkSchedulers(db: Queryable): Promise<Finding> {
  const { lastDispatchedAgeSeconds: age, probersSeen, checkedAt } = await readStatus(db);
  if (age === null || age > CYCLE_LIMITS.lastDispatchedAgeSeconds) {
    return fault(
      age === null
        ? 'no shard was ever dispatched'
        : `a shard was last dispatched ${Math.round(age)} s ago`,
    );
  }
  if (!checkedAt) return fault('no scheduler has ever read the queue');
  if (probersSeen === null) return fault(`the queue was last read at ${checkedAt.toISOString()}`);
  return ok(`every shard was dispatched in the last ${CYCLE_LIMITS.lastDispatchedAgeSeconds} s`);
}

export async function checkProbers(db: Queryable): Promise<Finding> {
  const { probersSeen } = await readStatus(db);
  if (probersSeen === null) return skipped('no scheduler says which there are');
  return probersSeen > 0
    ? ok(`${probersSeen} seen on the queue`)
    : fault('none is seen on the queue');
}
