import { QUEUE_PREFIX, resultQueueName, type ProbeJobData } from '@gomon/queue-contracts';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/** What waits on the queues: dispatch adds nothing to what others have not done. */
export interface Backpressure {
  /**
   * A slot, in seconds since the epoch, from which on no prober has taken a check; null while
   * probers keep up. Read once per tick: what waits at one tick and is gone at the next is no
   * backlog.
   */
  waitingSince(): Promise<number | null>;
  /** The shards among these whose results arrive faster than they are stored. */
  awaitingIngest(shards: readonly number[]): Promise<ReadonlySet<number>>;
}

/** A job that was returned waits briefly ahead of all others, with old slots. */
const TICKS = 3;
/** A job has at most 200 results; at that rate this many are 100 MB. */
const MAX_RESULT_JOBS = 2000;

export function createBackpressure(probes: Queue<ProbeJobData>, redis: Redis): Backpressure {
  const seen: number[] = [];
  return {
    async waitingSince() {
      const [oldest] = await probes.getWaiting(0, 0);
      seen.push(oldest ? oldest.timestamp / 1000 : Infinity);
      if (seen.length > TICKS) seen.shift();
      const since = Math.max(...seen);
      return since === Infinity ? null : since;
    },
    async awaitingIngest(shards) {
      const keys = shards.map((shard) => `${QUEUE_PREFIX}:${resultQueueName(shard)}:`);
      const jobs = (await redis.eval(COUNT_JOBS, keys.length, ...keys)) as number[];
      return new Set(shards.filter((_, i) => (jobs[i] ?? 0) > MAX_RESULT_JOBS));
    },
  };
}

const COUNT_JOBS = `
local jobs = {}
for i, queue in ipairs(KEYS) do jobs[i] = redis.call('LLEN', queue .. 'wait') + redis.call('ZCARD', queue .. 'delayed') end
return jobs`;
