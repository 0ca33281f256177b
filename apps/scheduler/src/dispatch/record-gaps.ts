import { lastSkippedSlot } from '@gomon/domain';
import {
  countDueChecks,
  markUnreconciled,
  recordGap,
  smallestInterval,
  type ShardSlot,
  type SqlExecutor,
} from '@gomon/persistence';
import type { Logger } from '@gomon/runtime';
import type { SkipCause, SkippedChecksLog } from './skipped-checks-log.ts';
import type { SchedulerMetrics } from '../metrics.ts';
import { LOOK_BACK_SECONDS } from '../ingest/reconcile-after-loss.ts';

export interface GapsDeps {
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
  readonly leftOutLog: SkippedChecksLog;
}

/** A dispatch of a shard's slots in (`after`, `through`], in seconds since the epoch. */
export interface Dispatch {
  readonly shard: number;
  readonly after: number;
  readonly through: number;
  /** What was dispatched up to here, and has no row, the queue has lost; null when it has lost nothing. */
  readonly lostThrough: number | null;
  /** Slots that were due and left out. */
  readonly held: readonly ShardSlot[];
  readonly cause: SkipCause;
}

/** Records as a gap what a dispatch leaves out of its span: one row for as long as it goes on. Mostly there is nothing. */
export async function recordGaps(tx: SqlExecutor, dispatch: Dispatch, deps: GapsDeps): Promise<void> {
  const { shard, after, through, lostThrough, held } = dispatch;
  const { metrics, logger } = deps;
  const isComplete = through - after === 1 && held.length === 0;
  const interval = isComplete ? null : await smallestInterval(tx, shard);
  const skippedThrough = interval === null ? null : lastSkippedSlot(after, through, interval);
  const heldThrough = held.some(({ intervalSeconds }) => intervalSeconds === interval) ? through : null;
  const end = Math.max(skippedThrough ?? after, heldThrough ?? after, lostThrough ?? after);
  if (end > after) {
    await recordGap(tx, shard, after, end);
    metrics.gapSeconds.inc(end - after);
  }
  if (lostThrough !== null) {
    await markUnreconciled(tx, shard, after - LOOK_BACK_SECONDS);
    logger.warn({ shard, seconds: lostThrough - after }, 'the queue has lost what was dispatched');
  } else if (skippedThrough !== null) logger.warn({ shard, seconds: skippedThrough - after }, 'slots were never dispatched');
  await reportHeld(tx, dispatch, heldThrough !== null, deps);
}

async function reportHeld(
  tx: SqlExecutor,
  { shard, after, through, held, cause }: Dispatch,
  isLeavingOut: boolean,
  { metrics, leftOutLog }: GapsDeps,
): Promise<void> {
  if (!isLeavingOut) return leftOutLog.end(shard);
  const checks = await countDueChecks(tx, held);
  metrics.checksSkipped.inc({ cause }, checks);
  leftOutLog.add({ shard, after, through, checks, cause });
}
