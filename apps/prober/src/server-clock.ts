import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/**
 * The time of the queue's Redis, in milliseconds since the epoch: the clock of a prober's machine
 * may be wrong.
 */
export interface ServerClock {
  /** Resolves once the time is known. */
  start(): Promise<void>;
  stop(): void;
  now(): number;
}

const SAMPLE_INTERVAL_MS = 10_000;
const RETRY_DELAY_MS = 100;
/** The server reads its clock somewhere within the round trip: a slow round trip says too little. */
const MAX_ROUND_TRIP_MS = 2000;

/**
 * Adds the last measured offset to this process's monotonic clock. A failed sample keeps the last
 * offset.
 */
export function createServerClock(
  redis: Pick<Redis, 'time'>,
  onFault: (what: string, error: Error) => void,
): ServerClock {
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
      if (offsetMs === null) return; // Not connected yet; the connection reports that.
      onFault("could not read the time of the queue's Redis", error as Error);
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
