// Puts the due checks of shards on the queue, second by second. The shard's row in PostgreSQL holds
// the progress and moves only after the queue has answered, so a crash repeats a dispatch and never
// skips one. It does not wait for probes: while a monitor's previous check still waits, the next is
// skipped. A gap records what was skipped.
import { dispatchDelay, dueSlots } from '@gomon/domain';
import { type Db, type SqlExecutor } from '@gomon/persistence';
import {
  dueChecks,
  markDispatched,
  missingChecks,
  takeImmediateChecks,
  withClaimedShards,
  type DueCheck,
  type ShardClaim,
  type ShardSlot,
} from '@gomon/persistence/pipeline';
import type { ProbeJobData } from '@gomon/queue-contracts';
import type { Queue } from 'bullmq';
import { findLostSince } from './find-lost-since.ts';
import type { SchedulerMetrics } from '../metrics.ts';
import { toProbeJobs } from './probe-jobs.ts';
import type { Backpressure } from './backpressure.ts';
import type { Progress, QueueProgress } from './queue-progress.ts';
import { recordGaps, type Dispatch, type GapsDeps } from './record-gaps.ts';

export interface DispatchDeps extends GapsDeps {
  readonly db: Db;
  readonly probes: Queue<ProbeJobData>;
  readonly progress: QueueProgress;
  readonly backlog: Backpressure;
  readonly metrics: SchedulerMetrics;
}

/** A backlog no older than this does not delay immediate checks. */
const NEGLIGIBLE_WAIT_SECONDS = 2;
const IMMEDIATE_CHECKS_AT_A_TIME = 200;

/**
 * Dispatches what became due since each shard's last dispatch, in one transaction; `waitingSince`
 * comes from the backlog. Returns the database's time in seconds since the epoch, or null when
 * other schedulers hold all these shards. When the database or the queue fails, it throws without
 * having changed anything.
 */
export async function dispatchDueChecks(
  shards: readonly number[],
  waitingSince: number | null,
  deps: DispatchDeps,
): Promise<number | null> {
  return withClaimedShards(deps.db, shards, async (tx, claims, now) => {
    const through = Math.floor(now);
    const behind = claims.filter((claim) => claim.dispatchedThrough < through);
    if (behind.length === 0) return now;
    const asked = behind.map((claim) => claim.shard);
    const [progress, awaitingIngest] = await Promise.all([
      deps.progress.read(asked),
      deps.backlog.awaitingIngest(asked),
    ]);
    const dispatches = await planDispatches(tx, behind, through, {
      progress,
      awaitingIngest,
      waitingSince,
    });
    const checks = await readChecks(tx, dispatches, { through, waitingSince });
    const jobs = dispatches.flatMap((dispatch) =>
      toJobs(dispatch, checks.get(dispatch.shard) ?? []),
    );
    if (jobs.length > 0) await deps.probes.addBulk(jobs);
    for (const dispatch of dispatches) await recordGaps(tx, dispatch, deps);
    const dispatched = dispatches.map((dispatch) => dispatch.shard);
    await deps.progress.write(dispatched, through, progress);
    await markDispatched(tx, dispatched, through);
    observe([...checks.values()].flat(), now, deps.metrics);
    return now;
  });
}

/** What to do for one shard. */
interface DispatchPlan extends Dispatch {
  readonly free: readonly ShardSlot[];
}

interface QueueState {
  readonly progress: Progress;
  /** Shards with results that wait for ingestion. */
  readonly awaitingIngest: ReadonlySet<number>;
  readonly waitingSince: number | null;
}

async function planDispatches(
  tx: SqlExecutor,
  claims: readonly ShardClaim[],
  through: number,
  { progress, awaitingIngest, waitingSince }: QueueState,
): Promise<DispatchPlan[]> {
  const plans: DispatchPlan[] = [];
  for (const { shard, dispatchedThrough } of claims) {
    const lostSince = await findLostSince(
      tx,
      shard,
      dispatchedThrough,
      progress.slots.get(shard) ?? null,
    );
    const after = lostSince ?? dispatchedThrough;
    const awaitsIngest = awaitingIngest.has(shard);
    const slots = dueSlots(after, through).map((slot) => ({ shard, ...slot }));
    const isSkipped = (slot: ShardSlot) => awaitsIngest || previousWaits(slot, waitingSince);
    const skipped = slots.filter(isSkipped);
    const free = slots.filter((slot) => !isSkipped(slot));
    const lostThrough = lostSince === null ? null : dispatchedThrough;
    plans.push({
      shard,
      after,
      through,
      lostThrough,
      skipped,
      free,
      cause: awaitsIngest ? 'ingest' : 'probers',
    });
  }
  return plans;
}

/**
 * Checks are queued at their slot or later, so those from `waitingSince` on are at or behind that
 * place in the queue.
 */
function previousWaits({ slot, intervalSeconds }: ShardSlot, waitingSince: number | null): boolean {
  return waitingSince !== null && slot - intervalSeconds >= waitingSince;
}

/** A check queued for the first time, and whether it is off the grid. */
type DispatchedCheck = DueCheck & { readonly isImmediate: boolean };

async function readChecks(
  tx: SqlExecutor,
  dispatches: readonly DispatchPlan[],
  { through, waitingSince }: { readonly through: number; readonly waitingSince: number | null },
): Promise<Map<number, DispatchedCheck[]>> {
  const slotsOf = (plans: readonly DispatchPlan[]) => plans.flatMap((plan) => plan.free);
  const lost = slotsOf(dispatches.filter((plan) => plan.lostThrough !== null));
  const due = await dueChecks(tx, slotsOf(dispatches.filter((plan) => plan.lostThrough === null)));
  const missing = lost.length > 0 ? await missingChecks(tx, lost) : [];
  const isPrompt = waitingSince === null || through - waitingSince <= NEGLIGIBLE_WAIT_SECONDS;
  const prompt = isPrompt
    ? dispatches.filter((plan) => plan.cause !== 'ingest').map((plan) => plan.shard)
    : [];
  const immediate =
    prompt.length > 0
      ? await takeImmediateChecks(tx, prompt, through, IMMEDIATE_CHECKS_AT_A_TIME)
      : [];
  const keyOf = (check: DueCheck) => `${check.monitorId} ${check.slot}`;
  const isImmediate = new Set(immediate.map(keyOf)); // A check due both on its grid and at once is one check.
  const ofGrid = [...due, ...missing].filter((check) => !isImmediate.has(keyOf(check)));
  return Map.groupBy(
    [
      ...ofGrid.map((check) => ({ ...check, isImmediate: false })),
      ...immediate.map((check) => ({ ...check, isImmediate: true })),
    ],
    (check) => check.shard,
  );
}

function toJobs({ shard, after, through }: Dispatch, checks: readonly DispatchedCheck[]) {
  const delayOf = (slot: number) => dispatchDelay(after, through, slot);
  const place = delayOf(after + 1) === 0 ? after + 1 : through; // The oldest slot that is not delayed.
  return [true, false].flatMap((isImmediate) => {
    const bySlot = Map.groupBy(
      checks.filter((check) => check.isImmediate === isImmediate),
      (check) => check.slot,
    );
    return [...bySlot].flatMap(([slot, ofSlot]) =>
      toProbeJobs(shard, slot, ofSlot, {
        slot: place,
        delaySeconds: isImmediate ? 0 : delayOf(slot),
      }),
    );
  });
}

function observe(checks: readonly DueCheck[], now: number, metrics: SchedulerMetrics): void {
  metrics.checksDispatched.inc(checks.length);
  for (const check of checks) metrics.dispatchLateness.observe(now - check.slot);
}
