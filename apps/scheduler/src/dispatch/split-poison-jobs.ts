// Probe jobs fail permanently when their prober died repeatedly or could not read them. They are
// split until the culprit is alone: its check becomes an `unknown` row, which says nothing about
// the target, and the others are probed. So no dispatched slot is ever silently missing.
import type { CheckResult } from '@gomon/domain';
import { parseProbeJob, type ProbeJob, type ProbeJobData } from '@gomon/queue-contracts';
import type { Logger } from '@gomon/runtime';
import type { Job, Queue } from 'bullmq';
import { ingestCheckResults, type IngestDeps } from '../ingest/ingest-check-results.ts';
import { inBatches } from './probe-jobs.ts';

const JOBS_PER_RUN = 100;
/** Finds one of 250 targets in two steps, each of which costs a prober; halving would take eight. */
const PARTS = 16;

export interface SplitDeps extends IngestDeps {
  readonly probes: Queue<ProbeJobData>;
  readonly quarantine: Queue<ProbeJobData>;
  readonly logger: Logger;
}

/**
 * Safe to run on several schedulers: rows are keyed by slot, parts by their targets, and removing a
 * job twice does nothing.
 */
export async function splitPoisonJobs(deps: SplitDeps): Promise<void> {
  for (const queue of [deps.probes, deps.quarantine]) {
    for (const job of await queue.getFailed(0, JOBS_PER_RUN - 1)) {
      const probeJob = parse(job);
      if (probeJob) await takeApart(probeJob, deps);
      const { id, failedReason } = job;
      deps.logger.error(
        { job: id, cause: failedReason, checks: probeJob?.targets.length ?? 0 },
        'a probe job failed permanently',
      );
      await queue.remove(id ?? '');
    }
  }
}

async function takeApart(job: ProbeJob, deps: SplitDeps): Promise<void> {
  if (job.targets.length > 1) {
    await deps.quarantine.addBulk(inBatches(job, Math.ceil(job.targets.length / PARTS)));
    deps.metrics.probeJobsTakenApart.inc();
  } else {
    await ingestCheckResults([{ shard: job.shard, job: { results: toUnknown(job) } }], deps);
    deps.metrics.checksGivenUp.inc();
  }
}

/** Null when it was never a probe job. */
function parse({ data }: Job): ProbeJob | null {
  try {
    return parseProbeJob(data);
  } catch {
    return null;
  }
}

function toUnknown({ slot, targets }: ProbeJob): CheckResult[] {
  return targets.map(({ monitorId }) => ({
    monitorId,
    slot,
    outcome: 'unknown',
    statusCode: null,
    reason: 'internal',
    cause: 'prober_died',
    durationMs: null,
    checkedAt: slot * 1000,
  }));
}
