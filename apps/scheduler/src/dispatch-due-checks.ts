// Puts each shard's due checks on the queue, second by second. The shard's row in PostgreSQL says how far that has come:
// it moves only after the queue has answered, so a crash repeats a dispatch and never skips one. It does not wait for
// probes, and after an outage it dispatches only the newest due slot of each monitor.
import { dueSlots, lastSkippedSlot } from '@gomon/domain';
import {
  dueChecks,
  markDispatched,
  recordGap,
  smallestInterval,
  takeImmediateChecks,
  withClaimedShard,
  type Db,
  type DueCheck,
  type Queryable,
  type ShardClaim,
} from '@gomon/persistence';
import { PROBE_BATCH_SIZE, PROBE_JOB_OPTIONS, probeJobId, type ProbeJob, type ProbeTarget } from '@gomon/queue-contracts';
import type { Logger } from '@gomon/runtime';
import type { Queue } from 'bullmq';
import type { SchedulerMetrics } from './metrics.ts';
import type { QueueProgress } from './queue-progress.ts';
import { recoverLostChecks } from './recover-lost-checks.ts';

export interface DispatchDeps {
  readonly db: Db;
  readonly probes: Queue<ProbeJob>;
  readonly progress: QueueProgress;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

/**
 * Dispatches what became due since the shard's last dispatch. Returns the database's time in seconds since the epoch, or
 * null when another scheduler is at this shard. Throws, having changed nothing, when the database or the queue fails.
 */
export async function dispatchDueChecks(shard: number, deps: DispatchDeps): Promise<number | null> {
  return withClaimedShard(deps.db, shard, async (tx, claim) => {
    const span = { after: claim.dispatchedThrough, through: Math.floor(claim.now) };
    if (span.through <= span.after) return claim.now;
    const lost = await recoverLostChecks(tx, shard, claim.dispatchedThrough, deps);
    const checks = [...lost, ...(await collectDueChecks(tx, shard, span))];
    await recordSkippedSlots(tx, shard, span, deps);
    const jobs = toJobs(shard, checks);
    if (jobs.length > 0) await deps.probes.addBulk(jobs);
    await deps.progress.write(shard, span.through);
    await markDispatched(tx, shard, span.through);
    observe(checks, claim, deps.metrics);
    return claim.now;
  });
}

interface Span {
  readonly after: number;
  readonly through: number;
}

/** A check that is due both by its grid and at once is one check. */
async function collectDueChecks(tx: Queryable, shard: number, { after, through }: Span): Promise<DueCheck[]> {
  const immediate = await takeImmediateChecks(tx, shard, through);
  const due = await dueChecks(tx, shard, dueSlots(after, through));
  return [...new Map([...due, ...immediate].map((check) => [`${check.monitorId} ${check.slot}`, check])).values()];
}

async function recordSkippedSlots(
  tx: Queryable,
  shard: number,
  { after, through }: Span,
  { metrics, logger }: DispatchDeps,
): Promise<void> {
  if (through - after === 1) return;
  const interval = await smallestInterval(tx, shard);
  const skipped = interval === null ? null : lastSkippedSlot(after, through, interval);
  if (skipped === null) return;
  await recordGap(tx, shard, after, skipped);
  metrics.gapSeconds.inc(skipped - after);
  logger.warn({ shard, seconds: skipped - after }, 'slots were never dispatched');
}

function toJobs(shard: number, checks: readonly DueCheck[]) {
  const bySlot = Map.groupBy(checks, (check) => check.slot);
  return [...bySlot].flatMap(([slot, due]) => {
    const targets = due.map(toTarget).sort((a, b) => (a.monitorId < b.monitorId ? -1 : 1));
    return chunk(targets, PROBE_BATCH_SIZE).map((batch) => ({
      name: 'probe',
      data: { shard, slot, targets: batch },
      opts: {
        ...PROBE_JOB_OPTIONS,
        jobId: probeJobId(
          shard,
          slot,
          batch.map((target) => target.monitorId),
        ),
      },
    }));
  });
}

function toTarget(check: DueCheck): ProbeTarget {
  const { monitorId, url, intervalSeconds, timeoutMs, method, headers, expectedStatus, bodyContains, followRedirects } = check;
  return { monitorId, url, intervalSeconds, timeoutMs, method, headers, expectedStatus, bodyContains, followRedirects };
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

function observe(checks: readonly DueCheck[], claim: ShardClaim, metrics: SchedulerMetrics): void {
  metrics.checksDispatched.inc(checks.length);
  for (const check of checks) metrics.dispatchLateness.observe(claim.now - check.slot);
}
