import { Redis } from 'ioredis';
import type { Logger } from './logger.ts';

const CONNECT_TIMEOUT_MS = 5000;
const COMMAND_TIMEOUT_MS = 4000;
/** More than the 10 seconds for which BullMQ's blocking command may wait. */
const SILENCE_TIMEOUT_MS = 20_000;

/**
 * Connects without waiting for the server, and retries without end, at most 2 seconds apart.
 * `commands`: fail at once without a connection, and within 4 seconds when the server hangs.
 * `blocking`, for BullMQ workers: waits, and drops a connection that is silent for 20 seconds.
 */
export function connectRedis(url: string, use: 'commands' | 'blocking', logger: Logger): Redis {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
    ...(use === 'commands'
      ? { commandTimeout: COMMAND_TIMEOUT_MS, enableOfflineQueue: false, maxRetriesPerRequest: 1 }
      : { socketTimeout: SILENCE_TIMEOUT_MS, maxRetriesPerRequest: null }),
  });
  let reported = '';
  redis.on('error', (error: Error) => {
    if (error.message === reported) return;
    reported = error.message;
    logger.warn({ error: error.message, use }, 'Redis connection failed');
  });
  redis.on('ready', () => {
    if (reported) logger.info({ use }, 'Redis connection restored');
    reported = '';
  });
  return redis;
}
