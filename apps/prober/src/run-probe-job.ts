import { hostOf } from '@gomon/checks';
import type { CheckResult } from '@gomon/domain';
import type { ProbeJob, ProbeTarget } from '@gomon/queue-contracts';
import type { StallWatch } from '@gomon/runtime';
import { toPhases } from './probes/stopwatch.ts';
import type { ProberMetrics } from './metrics.ts';
import type { Finding, Probe } from './probes/probe.ts';
import type { ResultReporter } from './result-reporter.ts';
import type { SelfCheck } from './self-check/self-check.ts';
import type { ServerClock } from './server-clock.ts';
import type { Limiter } from './limiter.ts';

export interface Deps {
  readonly clock: ServerClock;
  readonly limiter: Limiter;
  readonly probe: Probe;
  readonly stalls: Pick<StallWatch, 'stalledMs'>;
  readonly selfCheck?: Pick<SelfCheck, 'review'> | undefined;
  readonly reporter: ResultReporter;
  readonly metrics: ProberMetrics;
  /** Ends the probes that are in flight; their targets are left. */
  readonly halt: AbortSignal;
}

const EXPIRED: Finding = {
  outcome: 'unknown',
  statusCode: null,
  reason: 'expired',
  cause: 'queue_late',
  durationMs: null,
};

/**
 * Checks each target of the job when its place comes, and reports each result as soon as it is there. Resolves when every
 * result is on the results queue, with the targets that were left because the prober stops.
 */
export async function runProbeJob(
  { shard, slot, targets }: ProbeJob,
  deps: Deps,
): Promise<ProbeTarget[]> {
  const checks = await Promise.allSettled(
    targets.map((target) => checkAndReport(target, shard, slot, deps)),
  );
  const failed = checks.find((check) => check.status === 'rejected');
  if (failed) throw failed.reason;
  return targets.filter(
    (_, index) => checks[index]?.status === 'fulfilled' && !checks[index].value,
  );
}

/** Resolves with false when the target was left. */
async function checkAndReport(
  target: ProbeTarget,
  shard: number,
  slot: number,
  deps: Deps,
): Promise<boolean> {
  const seen = await check(target, slot, deps);
  const found = seen && deps.selfCheck ? await deps.selfCheck.review(seen) : seen;
  if (found === null) return false;
  const result = toResult(found, target, slot, Math.round(deps.clock.now()));
  deps.metrics.countResult(result);
  await deps.reporter.report(shard, result);
  return true;
}

function toResult(
  found: Finding,
  { monitorId, probeVersion }: ProbeTarget,
  slot: number,
  checkedAt: number,
): CheckResult {
  const { outcome, statusCode, reason, cause, causeDetail, durationMs, timing } = found;
  const why = cause && { cause, ...(causeDetail && { causeDetail }) };
  const phases = timing && { phases: toPhases(timing) };
  const version = probeVersion !== undefined && { probeVersion };
  return {
    monitorId,
    slot,
    outcome,
    statusCode,
    reason,
    ...why,
    durationMs,
    ...phases,
    ...version,
    checkedAt,
  };
}

async function check(
  target: ProbeTarget,
  slot: number,
  { limiter, clock, metrics, probe, stalls, halt }: Deps,
): Promise<Finding | null> {
  const latenessSeconds = () => clock.now() / 1000 - slot;
  const isOver = () => latenessSeconds() >= target.intervalSeconds;
  const endTurn = await limiter.take(hostOf(target), target.owner, isOver);
  if (!endTurn) return isOver() ? EXPIRED : null;
  try {
    if (isOver()) return EXPIRED;
    metrics.startLateness.observe(latenessSeconds());
    const stalledMs = stalls.stalledMs();
    const found = await probe(target, halt);
    const isOurs =
      found?.outcome === 'failure' &&
      mayBeOurs(found, stalls.stalledMs() - stalledMs, target.timeoutMs);
    return isOurs
      ? { ...found, outcome: 'unknown', reason: 'internal', cause: 'stalled', causeDetail: null }
      : found;
  } finally {
    endTurn();
  }
}

/** While we were stalled, the target may have answered unheard or given up on us. A status that it gave still counts. */
function mayBeOurs({ reason }: Finding, stalledMs: number, timeoutMs: number): boolean {
  return reason !== 'http_status' && stalledMs >= Math.min(1000, timeoutMs / 4);
}
