import { INTERVALS_SECONDS, dueSlots } from '@gomon/domain';
import { activeSince, missingChecks, recordGap, type DueCheck, type Queryable } from '@gomon/persistence';
import type { Logger } from '@gomon/runtime';
import type { SchedulerMetrics } from './metrics.ts';
import type { QueueProgress } from './queue-progress.ts';

export interface RecoverDeps {
  readonly progress: QueueProgress;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

/** Nothing older than this was still on the queue to be probed: a check is probed within its interval or not at all. */
const LONGEST_INTERVAL_SECONDS = Math.max(...INTERVALS_SECONDS);

/**
 * Where the queue's Redis knows less than `dispatchedThrough`, it has lost what was dispatched since. Returns each monitor's newest
 * lost check, unless it has its row, to be dispatched again; what else has none is left in a gap. Mostly there is nothing.
 */
export async function recoverLostChecks(
  tx: Queryable,
  shard: number,
  dispatchedThrough: number,
  { progress, metrics, logger }: RecoverDeps,
): Promise<DueCheck[]> {
  const known = await progress.read(shard);
  if (known !== null && known >= dispatchedThrough) return [];
  const after = Math.max(known ?? dispatchedThrough - LONGEST_INTERVAL_SECONDS, (await activeSince(tx, shard)) ?? Infinity);
  if (after >= dispatchedThrough) return [];
  const checks = await missingChecks(tx, shard, dueSlots(after, dispatchedThrough));
  await recordGap(tx, shard, after, dispatchedThrough);
  const seconds = dispatchedThrough - after;
  metrics.gapSeconds.inc(seconds);
  logger.warn({ shard, seconds, again: checks.length }, 'the queue has lost what was dispatched');
  return checks;
}
