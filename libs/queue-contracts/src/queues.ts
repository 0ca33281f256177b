import { DEFAULT_LOCATION, fingerprint } from '@gomon/domain';

/** The key prefix of every queue in Redis. */
export const QUEUE_PREFIX = 'gomon';

/** Probe jobs of all shards for the probers of one location, of which any takes any. */
export function probeQueueName(location: string): string {
  return location === DEFAULT_LOCATION ? 'probes' : `probes-${location}`;
}

/** The probe queue of the only location so far. */
export const PROBE_QUEUE = probeQueueName(DEFAULT_LOCATION);

/**
 * The quarantine: jobs made of permanently failed ones, which may kill their prober. A prober takes
 * one at a time.
 */
export const QUARANTINE_QUEUE = 'quarantine';

/** The most targets in a probe job, and the most results in a result job. */
export const PROBE_BATCH_SIZE = 250;
export const RESULT_BATCH_SIZE = 500;

/** Result jobs of one shard, taken by the schedulers that serve it. */
export function resultQueueName(shard: number): string {
  return `results-${shard}`;
}

/**
 * The shard in a probe job of a dry run, so probers treat it like any other and its result gets a
 * separate queue. No database has this many shards.
 */
export const DRY_RUN_SHARD = 32_767;

/**
 * The same monitors at the same slot give the same id, so a dispatch repeated after a crash adds
 * nothing; other monitors give another id, so none is mistaken for a repetition. BullMQ forbids ':'
 * and ids of digits only.
 */
export function probeJobId(shard: number, slot: number, monitorIds: readonly string[]): string {
  return `s${shard}-${slot}-${monitorIds.length}-${fingerprint(monitorIds.join()).toString(36)}`;
}
