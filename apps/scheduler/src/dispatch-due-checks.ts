// Puts each shard's due checks on the queue, second by second. The shard's row in PostgreSQL says how far that has come:
// it moves only after the queue has answered, so a crash repeats a dispatch and never skips one. It does not wait for
// probes: a check whose monitor's previous one still waits is left out. Whatever is left out lies in a gap.
import { dispatchDelay, dueSlots, type DueSlot } from '@gomon/domain';
import {
  dueChecks,
  markDispatched,
  missingChecks,
  takeImmediateChecks,
  withClaimedShard,
  type Db,
  type DueCheck,
  type ShardClaim,
} from '@gomon/persistence';
import type { ProbeJob } from '@gomon/queue-contracts';
import type { Queue } from 'bullmq';
import { findLostSince } from './find-lost-since.ts';
import type { SchedulerMetrics } from './metrics.ts';
import { toProbeJobs } from './probe-jobs.ts';
import type { QueueBacklog } from './queue-backlog.ts';
import type { QueueProgress } from './queue-progress.ts';
import { recordMissedSlots, type MissedSlotsDeps } from './record-missed-slots.ts';

export interface DispatchDeps extends MissedSlotsDeps {
  readonly db: Db;
  readonly probes: Queue<ProbeJob>;
  readonly progress: QueueProgress;
  readonly backlog: QueueBacklog;
  readonly metrics: SchedulerMetrics;
}

/** What waits no longer than this keeps no immediate check from coming on the queue. */
const NEGLIGIBLE_WAIT_SECONDS = 2;
const IMMEDIATE_CHECKS_AT_A_TIME = 200;

/**
 * Dispatches what became due since the shard's last dispatch; `waitingSince` is the backlog's. Returns the database's time
 * in seconds since the epoch, or null when another scheduler is at this shard. Throws, having changed nothing, when the
 * database or the queue fails.
 */
export async function dispatchDueChecks(shard: number, waitingSince: number | null, deps: DispatchDeps): Promise<number | null> {
  return withClaimedShard(deps.db, shard, async (tx, claim) => {
    const through = Math.floor(claim.now);
    if (through <= claim.dispatchedThrough) return claim.now;
    const lostSince = await findLostSince(tx, shard, claim.dispatchedThrough, deps.progress);
    const span = { after: lostSince ?? claim.dispatchedThrough, through };
    const awaitsIngest = await deps.backlog.awaitsIngest(shard);
    const isHeld = (slot: DueSlot) => awaitsIngest || previousWaits(slot, waitingSince);
    const slots = dueSlots(span.after, through);
    const held = slots.filter(isHeld);
    const free = slots.filter((slot) => !isHeld(slot));

    const due = await (lostSince === null ? dueChecks : missingChecks)(tx, shard, free);
    const isPrompt = !awaitsIngest && (waitingSince === null || through - waitingSince <= NEGLIGIBLE_WAIT_SECONDS);
    const immediate = isPrompt ? await takeImmediateChecks(tx, shard, through, IMMEDIATE_CHECKS_AT_A_TIME) : [];
    const jobs = toJobs(shard, span, due, immediate);
    if (jobs.length > 0) await deps.probes.addBulk(jobs);
    const lostThrough = lostSince === null ? null : claim.dispatchedThrough;
    const cause = awaitsIngest ? 'ingest' : 'probers';
    await recordMissedSlots(tx, { shard, ...span, lostThrough, held, cause }, deps);
    await deps.progress.write(shard, through);
    await markDispatched(tx, shard, through);
    observe([...due, ...immediate], claim, deps.metrics);
    return claim.now;
  });
}

/** A check is put on the queue at its slot or later, so those from `waitingSince` on are at that place in the line or behind it. */
function previousWaits({ slot, intervalSeconds }: DueSlot, waitingSince: number | null): boolean {
  return waitingSince !== null && slot - intervalSeconds >= waitingSince;
}

interface Span {
  readonly after: number;
  readonly through: number;
}

function toJobs(shard: number, { after, through }: Span, due: readonly DueCheck[], immediate: readonly DueCheck[]) {
  const delayOf = (slot: number) => dispatchDelay(after, through, slot);
  const place = delayOf(after + 1) === 0 ? after + 1 : through; // The oldest slot of those that are not put off.
  const keyOf = (check: DueCheck) => `${check.monitorId} ${check.slot}`;
  const isImmediate = new Set(immediate.map(keyOf)); // A check that is due both by its grid and at once is one check.
  const jobsOf = (checks: readonly DueCheck[], delay: (slot: number) => number) =>
    [...Map.groupBy(checks, (check) => check.slot)].flatMap(([slot, ofSlot]) =>
      toProbeJobs(shard, slot, ofSlot, { slot: place, delaySeconds: delay(slot) }),
    );
  return [
    ...jobsOf(
      due.filter((check) => !isImmediate.has(keyOf(check))),
      delayOf,
    ),
    ...jobsOf(immediate, () => 0),
  ];
}

function observe(checks: readonly DueCheck[], claim: ShardClaim, metrics: SchedulerMetrics): void {
  metrics.checksDispatched.inc(checks.length);
  for (const check of checks) metrics.dispatchLateness.observe(claim.now - check.slot);
}
