import { QUEUE_PREFIX } from '@gomon/queue-contracts';
import type { Redis } from 'ioredis';

/**
 * How far each shard was dispatched, as the queue's Redis remembers it. PostgreSQL knows better; where Redis knows less, it has
 * lost what was dispatched since: it was flushed, replaced, or restored from an older state.
 */
export interface QueueProgress {
  /** The newest slot of each shard that was dispatched, in seconds since the epoch; none where nothing is known. */
  read(shards: readonly number[]): Promise<ReadonlyMap<number, number>>;
  write(shards: readonly number[], slot: number): Promise<void>;
}

export function createQueueProgress(redis: Redis): QueueProgress {
  const keyOf = (shard: number) => `${QUEUE_PREFIX}:dispatched:${shard}`;
  return {
    async read(shards) {
      const slots = await redis.mget(shards.map(keyOf));
      return new Map(shards.flatMap((shard, i) => (slots[i] ? [[shard, Number(slots[i])]] : [])));
    },
    async write(shards, slot) {
      await redis.mset(new Map(shards.map((shard) => [keyOf(shard), slot])));
    },
  };
}
