import { lastSkippedSlot } from '@gomon/domain';
import { type SqlExecutor } from '@gomon/persistence';
import {
  countDueChecks,
  markUnreconciled,
  recordGap,
  smallestInterval,
  type ShardSlot,
} from '@gomon/persistence/pipeline';
import type { Logger } from '@gomon/runtime';
import type { SkipCause, SkippedChecksLog } from './skipped-checks-log.ts';
import type { SchedulerMetrics } from '../metrics.ts';
import { LOOK_BACK_SECONDS } from '../ingest/reconcile-after-loss.ts';

export interface GapsDeps {
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
  readonly skippedLog: SkippedChecksLog;
}

/** A dispatch of a shard's slots in (`after`, `through`], in seconds since the epoch. */
export interface Dispatch {
  readonly shard: number;
  readonly after: number;
  readonly through: number;
  /** The queue has lost what was dispatched up to here and has no row; null when it lost nothing. */
  readonly lostThrough: number | null;
  /** Due slots that were skipped. */
  readonly skipped: readonly ShardSlot[];
  readonly cause: SkipCause;
}

/**
 * Records what a dispatch skips of its span as a gap: one row while it continues. Usually there is
 * nothing to record.
 */
export async function recordGaps(
  tx: SqlExecutor,
  dispatch: Dispatch,
  deps: GapsDeps,
): Promise<void> {
  const { shard, after, through, lostThrough, skipped } = dispatch;
  const { metrics, logger } = deps;
  const isComplete = through - after === 1 && skipped.length === 0;
  const interval = isComplete ? null : await smallestInterval(tx, shard);
  const skippedThrough = interval === null ? null : lastSkippedSlot(after, through, interval);
  const backlogThrough = skipped.some(({ intervalSeconds }) => intervalSeconds === interval)
    ? through
    : null;
  const end = Math.max(skippedThrough ?? after, backlogThrough ?? after, lostThrough ?? after);
  if (end > after) {
    await recordGap(tx, shard, after, end);
    metrics.gapSeconds.inc(end - after);
  }
  if (lostThrough !== null) {
    await markUnreconciled(tx, shard, after - LOOK_BACK_SECONDS);
    logger.warn({ shard, seconds: lostThrough - after }, 'the queue lost dispatched checks');
  } else if (skippedThrough !== null)
    logger.warn({ shard, seconds: skippedThrough - after }, 'slots were never dispatched');
  await reportSkipped(tx, dispatch, backlogThrough !== null, deps);
}

async function reportSkipped(
  tx: SqlExecutor,
  { shard, after, through, skipped, cause }: Dispatch,
  isSkipping: boolean,
  { metrics, skippedLog }: GapsDeps,
): Promise<void> {
  if (!isSkipping) return skippedLog.end(shard);
  const checks = await countDueChecks(tx, skipped);
  metrics.checksSkipped.inc({ cause }, checks);
  skippedLog.add({ shard, after, through, checks, cause });
}
