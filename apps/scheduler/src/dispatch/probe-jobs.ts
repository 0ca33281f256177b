import type { DueCheck } from '@gomon/persistence';
import { PROBE_BATCH_SIZE, PROBE_JOB_OPTIONS, probeJobId, writeProbeJob, type ProbeJob } from '@gomon/queue-contracts';

/** When a job comes into the line of those that wait. */
export interface Place {
  /** Slots of this second and later, in seconds since the epoch, are at this place in the line or behind it. */
  readonly slot: number;
  readonly delaySeconds: number;
}

/** What a job costs does not depend on its targets. Below this a further job costs less than probers that have nothing to do. */
const SMALL_BATCH_SIZE = 50;

/** Jobs for the checks of one slot of a shard. The same checks make the same jobs. */
export function toProbeJobs(shard: number, slot: number, checks: readonly DueCheck[], place: Place) {
  const targets = checks.toSorted((a, b) => (a.monitorId < b.monitorId ? -1 : 1));
  const size = Math.min(PROBE_BATCH_SIZE, Math.max(SMALL_BATCH_SIZE, Math.ceil(targets.length / 2)));
  const when = { timestamp: place.slot * 1000, delay: place.delaySeconds * 1000 };
  return inBatches({ shard, slot, targets }, size).map((job) => ({ ...job, opts: { ...job.opts, ...when } }));
}

/** The job's targets in jobs of at most `size`. */
export function inBatches({ shard, slot, targets }: ProbeJob, size: number) {
  return Array.from({ length: Math.ceil(targets.length / size) }, (_, i) => {
    const batch = targets.slice(i * size, (i + 1) * size);
    const ids = batch.map((target) => target.monitorId);
    return {
      name: 'probe',
      data: writeProbeJob({ shard, slot, targets: batch }),
      opts: { ...PROBE_JOB_OPTIONS, jobId: probeJobId(shard, slot, ids) },
    };
  });
}
