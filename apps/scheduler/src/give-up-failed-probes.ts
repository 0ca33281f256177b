// Probe jobs that failed for good, because their prober died again and again or could not read them, end as `unknown`
// rows: a slot that was dispatched is never silently absent. Says nothing about the target.
import type { CheckResult } from '@gomon/domain';
import { parseProbeJob, type ProbeJob } from '@gomon/queue-contracts';
import type { Logger } from '@gomon/runtime';
import type { Job, Queue } from 'bullmq';
import { ingestCheckResults, type IngestDeps } from './ingest-check-results.ts';

const JOBS_PER_RUN = 100;

export interface GiveUpDeps extends IngestDeps {
  readonly probes: Queue<ProbeJob>;
  readonly logger: Logger;
}

/** Schedulers may do this at the same time: rows are keyed by slot, and removing a job twice is nothing. */
export async function giveUpFailedProbes(deps: GiveUpDeps): Promise<void> {
  for (const job of await deps.probes.getFailed(0, JOBS_PER_RUN - 1)) {
    const results = toUnknown(job);
    if (results) {
      await ingestCheckResults(results.shard, { results: results.checks }, deps);
      deps.metrics.checksGivenUp.inc(results.checks.length);
    }
    deps.logger.error(
      { job: job.id, cause: job.failedReason, checks: results?.checks.length ?? 0 },
      'a probe job failed for good',
    );
    await deps.probes.remove(job.id ?? '');
  }
}

/** Null for what was never a probe job. */
function toUnknown(job: Job<ProbeJob>): { shard: number; checks: CheckResult[] } | null {
  try {
    const { shard, slot, targets } = parseProbeJob(job.data);
    const checkedAt = slot * 1000;
    const checks = targets.map(({ monitorId }) => ({
      monitorId,
      slot,
      outcome: 'unknown' as const,
      statusCode: null,
      reason: 'internal' as const,
      durationMs: null,
      checkedAt,
    }));
    return { shard, checks };
  } catch {
    return null;
  }
}
