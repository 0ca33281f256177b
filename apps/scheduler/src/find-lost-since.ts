import { INTERVALS_SECONDS } from '@gomon/domain';
import { activeSince, type Queryable } from '@gomon/persistence';
import type { QueueProgress } from './queue-progress.ts';

/** Nothing older than this was still on the queue to be probed: a check is probed within its interval or not at all. */
const LONGEST_INTERVAL_SECONDS = Math.max(...INTERVALS_SECONDS);

/**
 * Where the queue's Redis knows less than `dispatchedThrough`, it has lost what was dispatched since: returns the slot
 * after which that may be so, in seconds since the epoch. Null when it has lost nothing, which is the rule.
 */
export async function findLostSince(
  tx: Queryable,
  shard: number,
  dispatchedThrough: number,
  progress: QueueProgress,
): Promise<number | null> {
  const known = await progress.read(shard);
  if (known !== null && known >= dispatchedThrough) return null;
  const after = Math.max(known ?? dispatchedThrough - LONGEST_INTERVAL_SECONDS, (await activeSince(tx, shard)) ?? Infinity);
  return after < dispatchedThrough ? after : null;
}
