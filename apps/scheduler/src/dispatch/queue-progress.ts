import { randomUUID } from 'node:crypto';
import { QUEUE_PREFIX } from '@gomon/queue-contracts';
import type { Redis, Result } from 'ioredis';

/**
 * Each shard's dispatch progress as the queue's Redis remembers it. PostgreSQL is authoritative; if
 * Redis knows less, it has lost what was dispatched since: it was flushed, replaced, or restored
 * from an older state.
 */
export interface QueueProgress {
  read(shards: readonly number[]): Promise<Progress>;
  /**
   * Throws when the queue has lost its data since `read`, and perhaps what was dispatched in
   * between.
   */
  write(shards: readonly number[], slot: number, progress: Progress): Promise<void>;
}

export interface Progress {
  /** The newest dispatched slot of each shard, in seconds since the epoch; absent when unknown. */
  readonly slots: ReadonlyMap<number, number>;
  /** A key that exists as long as the queue has lost nothing. */
  readonly mark: string;
}

/** Longer than a dispatch may take. */
const MARK_SECONDS = 60;

const WRITE = `
if redis.call('DEL', KEYS[1]) == 0 then return 0 end
for i = 2, #KEYS do redis.call('SET', KEYS[i], ARGV[1]) end
return 1
`;

export function createQueueProgress(redis: Redis): QueueProgress {
  redis.defineCommand('writeProgress', { lua: WRITE });
  const keyOf = (shard: number) => `${QUEUE_PREFIX}:dispatched:${shard}`;
  return {
    async read(shards) {
      const mark = `${QUEUE_PREFIX}:dispatching:${randomUUID()}`;
      const [, known] = await Promise.all([
        redis.set(mark, '', 'EX', MARK_SECONDS),
        redis.mget(shards.map(keyOf)),
      ]);
      return {
        mark,
        slots: new Map(shards.flatMap((shard, i) => (known[i] ? [[shard, Number(known[i])]] : []))),
      };
    },
    async write(shards, slot, { mark }) {
      const keys = [mark, ...shards.map(keyOf)];
      const isWritten = await redis.writeProgress(keys.length, ...keys, slot);
      if (!isWritten) throw new Error('the queue lost its data while checks were added');
    },
  };
}

declare module 'ioredis' {
  interface RedisCommander<Context> {
    writeProgress(keys: number, ...keysAndSlot: (string | number)[]): Result<number, Context>;
  }
}
