/** Counts how often a shard went on under another scheduler because the one before was disturbed. */
export interface TakeoverWatch {
  /** What a scheduler sent to the Redis of the queue. */
  onRequest(scheduler: string, request: Buffer): void;
  readonly count: number;
}

// A scheduler that has dispatched shards says so in the queue's Redis, in plain text on the wire: each key with its value.
const DISPATCHED = /:dispatched:(\d+)\r\n\$\d+\r\n\d+\r\n/g;
const SET = Buffer.from(':dispatched:');

/** `isDisturbed`: whether a fault is at that process now, or was since that time (seconds since the epoch). */
export function watchTakeovers(
  isDisturbed: (process: string, since: number) => boolean,
): TakeoverWatch {
  const last = new Map<string, { scheduler: string; at: number }>();
  let count = 0;
  return {
    onRequest: (scheduler, request) => {
      if (!request.includes(SET)) return;
      for (const [, shard = ''] of request.toString('latin1').matchAll(DISPATCHED)) {
        const before = last.get(shard);
        if (before && before.scheduler !== scheduler && isDisturbed(before.scheduler, before.at))
          count += 1;
        last.set(shard, { scheduler, at: Date.now() / 1000 });
      }
    },
    get count() {
      return count;
    },
  };
}
