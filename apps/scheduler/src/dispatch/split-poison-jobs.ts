// Probe jobs that failed for good, because their prober died again and again or could not read them, are taken apart until
// the target that is to blame is alone: its check ends as an `unknown` row, which says nothing about the target, and the
// others are probed. A slot that was dispatched is never silently absent.
import type { CheckResult } from '@gomon/domain';
import { parseProbeJob, type ProbeJob, type ProbeJobData } from '@gomon/queue-contracts';
import type { Logger } from '@gomon/runtime';
import type { Job, Queue } from 'bullmq';
import { ingestCheckResults, type IngestDeps } from '../ingest/ingest-check-results.ts';
import { inBatches } from './probe-jobs.ts';

const JOBS_PER_RUN = 100;
/** Of 250 targets one is found in two steps, each of which costs a prober; in halves it were eight. */
const PARTS = 16;

export interface SplitDeps extends IngestDeps {
  readonly probes: Queue<ProbeJobData>;
  readonly quarantine: Queue<ProbeJobData>;
  readonly logger: Logger;
}

/** Schedulers may do this at the same time: rows are keyed by slot, parts by their targets, and removing a job twice is nothing. */
export async function splitPoisonJobs(deps: SplitDeps): Promise<void> {
  for (const queue of [deps.probes, deps.quarantine]) {
    for (const job of await queue.getFailed(0, JOBS_PER_RUN - 1)) {
      const probeJob = parse(job);
      if (probeJob) await takeApart(probeJob, deps);
      const { id, failedReason } = job;
      deps.logger.error({ job: id, cause: failedReason, checks: probeJob?.targets.length ?? 0 }, 'a probe job failed for good');
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

/** Null for what was never a probe job. */
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
