import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** The time of the queue's Redis, in milliseconds since the epoch: a prober may run on a machine whose clock is wrong. */
export interface ServerClock {
  /** Resolves when the time is known, which it is not before. */
  start(): Promise<void>;
  stop(): void;
  now(): number;
}

const SAMPLE_INTERVAL_MS = 10_000;
const RETRY_DELAY_MS = 100;
/** The time is read somewhere within the round trip: a slow one says too little. */
const MAX_ROUND_TRIP_MS = 2000;

/** Adds the offset that was last seen to this process's monotonic clock. A sample that fails leaves the offset as it was. */
export function createServerClock(redis: Pick<Redis, 'time'>, onFault: (what: string, error: Error) => void): ServerClock {
  let offsetMs: number | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function sample(): Promise<void> {
    try {
      const sentAt = performance.now();
      const [seconds, microseconds] = await redis.time();
      const roundTripMs = performance.now() - sentAt;
      if (roundTripMs > MAX_ROUND_TRIP_MS) return;
      offsetMs = Number(seconds) * 1000 + Number(microseconds) / 1000 - (sentAt + roundTripMs / 2);
    } catch (error) {
      if (offsetMs === null) return; // It is not connected yet, of which the connection tells.
      onFault("the queue's Redis does not tell the time", error as Error);
    }
  }

  return {
    start: async () => {
      await sample();
      while (offsetMs === null && !stopped) {
        await delay(RETRY_DELAY_MS);
        await sample();
      }
      if (!stopped) timer = setInterval(() => void sample(), SAMPLE_INTERVAL_MS);
    },
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
    now: () => {
      if (offsetMs === null) throw new Error('The clock was not started');
      return performance.now() + offsetMs;
    },
  };
}
