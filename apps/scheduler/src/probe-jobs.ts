import type { DueCheck } from '@gomon/persistence';
import { PROBE_BATCH_SIZE, PROBE_JOB_OPTIONS, probeJobId, type ProbeJob, type ProbeTarget } from '@gomon/queue-contracts';

/** When a job comes into the line of those that wait. */
export interface Place {
  /** Slots of this second and later, in seconds since the epoch, are at this place in the line or behind it. */
  readonly slot: number;
  readonly delaySeconds: number;
}

/** Jobs for the checks of one slot of a shard. The same checks make the same jobs. */
export function toProbeJobs(shard: number, slot: number, checks: readonly DueCheck[], place: Place) {
  const targets = checks.map(toTarget).sort((a, b) => (a.monitorId < b.monitorId ? -1 : 1));
  const when = { timestamp: place.slot * 1000, delay: place.delaySeconds * 1000 };
  return inBatches({ shard, slot, targets }, PROBE_BATCH_SIZE).map((job) => ({ ...job, opts: { ...job.opts, ...when } }));
}

/** The job's targets in jobs of at most `size`. */
export function inBatches({ shard, slot, targets }: ProbeJob, size: number) {
  return Array.from({ length: Math.ceil(targets.length / size) }, (_, i) => {
    const batch = targets.slice(i * size, (i + 1) * size);
    const ids = batch.map((target) => target.monitorId);
    return {
      name: 'probe',
      data: { shard, slot, targets: batch },
      opts: { ...PROBE_JOB_OPTIONS, jobId: probeJobId(shard, slot, ids) },
    };
  });
}

function toTarget(check: DueCheck): ProbeTarget {
  const { monitorId, url, intervalSeconds, timeoutMs, method, headers, expectedStatus, bodyContains, followRedirects } = check;
  return { monitorId, url, intervalSeconds, timeoutMs, method, headers, expectedStatus, bodyContains, followRedirects };
}
