import type { DueCheck } from '@gomon/persistence/pipeline';
import {
  PROBE_BATCH_SIZE,
  PROBE_JOB_OPTIONS,
  probeJobId,
  writeProbeJob,
  type ProbeJob,
} from '@gomon/queue-contracts';

/** When a job joins the queue. */
export interface Place {
  /**
   * Slots from this second on, in seconds since the epoch, are at or behind this place in the
   * queue.
   */
  readonly slot: number;
  readonly delaySeconds: number;
}

/**
 * The cost of a job does not depend on its targets. With fewer targets per job, idle probers cost
 * more than another job.
 */
const SMALL_BATCH_SIZE = 50;

/** Jobs for the checks of one slot of a shard. The same checks always give the same jobs. */
export function toProbeJobs(
  shard: number,
  slot: number,
  checks: readonly DueCheck[],
  place: Place,
) {
  const targets = checks.toSorted((a, b) => (a.monitorId < b.monitorId ? -1 : 1));
  const size = Math.min(
    PROBE_BATCH_SIZE,
    Math.max(SMALL_BATCH_SIZE, Math.ceil(targets.length / 2)),
  );
  const when = { timestamp: place.slot * 1000, delay: place.delaySeconds * 1000 };
  return inBatches({ shard, slot, targets }, size).map((job) => ({
    ...job,
    opts: { ...job.opts, ...when },
  }));
}

/** Splits the job into jobs of at most `size` targets. */
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
