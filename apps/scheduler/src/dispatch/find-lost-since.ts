import { INTERVALS_SECONDS } from '@gomon/domain';
import { type SqlExecutor } from '@gomon/persistence';
import { activeSince } from '@gomon/persistence/pipeline';

/** Nothing older than this was still queued: a check is probed within its interval or not at all. */
const LONGEST_INTERVAL_SECONDS = Math.max(...INTERVALS_SECONDS);

/**
 * When the queue's Redis knows (`known`) less than `dispatchedThrough`, it has lost what was
 * dispatched since. Returns the slot after which that is possible, in seconds since the epoch; null
 * when nothing was lost, as usual.
 */
export async function findLostSince(
  tx: SqlExecutor,
  shard: number,
  dispatchedThrough: number,
  known: number | null,
): Promise<number | null> {
  if (known !== null && known >= dispatchedThrough) return null;
  const after = Math.max(
    known ?? dispatchedThrough - LONGEST_INTERVAL_SECONDS,
    (await activeSince(tx, shard)) ?? Infinity,
  );
  return after < dispatchedThrough ? after : null;
}
