import { QUEUE_PREFIX } from '@gomon/queue-contracts';
import type { Redis } from 'ioredis';

/**
 * How far each shard was dispatched, as the queue's Redis remembers it. PostgreSQL knows better; where Redis knows less, it has
 * lost what was dispatched since: it was flushed, replaced, or restored from an older state.
 */
export interface QueueProgress {
  /** The newest slot that was dispatched, in seconds since the epoch; null when nothing is known. */
  read(shard: number): Promise<number | null>;
  write(shard: number, slot: number): Promise<void>;
}

export function createQueueProgress(redis: Redis): QueueProgress {
  const keyOf = (shard: number) => `${QUEUE_PREFIX}:dispatched:${shard}`;
  return {
    async read(shard) {
      const slot = await redis.get(keyOf(shard));
      return slot === null ? null : Number(slot);
    },
    async write(shard, slot) {
      await redis.set(keyOf(shard), slot);
    },
  };
}
