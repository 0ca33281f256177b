import { randomUUID } from 'node:crypto';
import { HEARTBEAT_SECONDS, PROBERS_KEY } from '@gomon/queue-contracts';
import type { Redis } from 'ioredis';
import type { ServerClock } from './server-clock.ts';

/** Announces on the queue that this prober is alive. */
export interface Heartbeat {
  start(): void;
  /** Withdraws the announcement, if Redis answers. */
  stop(): Promise<void>;
}

interface Deps {
  readonly redis: Redis;
  readonly clock: ServerClock;
  /** A prober that reaches only the queue counts as absent. */
  readonly isCutOff: () => boolean;
  readonly onFault: (what: string, error: Error) => void;
}

const TELL_EVERY_MS = (HEARTBEAT_SECONDS * 1000) / 3;

/** Readers ignore probers not heard from for `HEARTBEAT_SECONDS`. */
export function createHeartbeat({ redis, clock, isCutOff, onFault }: Deps): Heartbeat {
  const name = randomUUID();
  let timer: NodeJS.Timeout | undefined;

  async function tell(): Promise<void> {
    try {
      if (isCutOff()) await redis.zrem(PROBERS_KEY, name);
      else await redis.zadd(PROBERS_KEY, Math.round(clock.now()), name);
    } catch (error) {
      onFault('could not send the prober heartbeat', error as Error);
    }
  }

  return {
    start() {
      void tell();
      timer = setInterval(() => void tell(), TELL_EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await redis.zrem(PROBERS_KEY, name).catch(() => undefined);
    },
  };
}
