import { fingerprint } from '@gomon/domain';

/** The key prefix of every queue in Redis. */
export const QUEUE_PREFIX = 'gomon';

/** Probe jobs of all shards; any prober takes any of them. */
export const PROBE_QUEUE = 'probes';

/** Probe jobs made of those that failed for good, perhaps because they end their prober: a prober takes one of them at a time. */
export const QUARANTINE_QUEUE = 'quarantine';

/** The most targets that one probe job carries, and the most results that one result job carries. */
export const PROBE_BATCH_SIZE = 250;
export const RESULT_BATCH_SIZE = 500;

/** Result jobs of one shard, taken by the schedulers that serve it. */
export function resultQueueName(shard: number): string {
  return `results-${shard}`;
}

/**
 * Stands in a probe job for the shard of what is no monitor yet, so that probers treat it as any other and its result comes on a queue of
 * its own. No database has so many shards.
 */
export const DRY_RUN_SHARD = 32_767;

/**
 * The same monitors at the same slot give the same id, so that a dispatch that is repeated after a crash adds nothing;
 * other monitors give another id, so that none is mistaken for a repetition. BullMQ forbids ':' and ids of digits only.
 */
export function probeJobId(shard: number, slot: number, monitorIds: readonly string[]): string {
  return `s${shard}-${slot}-${monitorIds.length}-${fingerprint(monitorIds.join()).toString(36)}`;
}
