import {
  addExpiredChecks,
  readStatus,
  recordQueueReading,
  type Db,
  listShards,
} from '@gomon/persistence';
import type { Redis } from 'ioredis';
import type { SchedulerMetrics } from '../metrics.ts';
import { readQueue } from './read-queue.ts';

export interface StatusDeps {
  readonly db: Db;
  readonly redis: Redis;
  readonly metrics: SchedulerMetrics;
}

/**
 * Records the state of the queue for those who cannot see it. Every scheduler does so for all
 * shards: the last one is right.
 */
export function createStatusReport({ db, redis, metrics }: StatusDeps): () => Promise<void> {
  let reported = 0;

  async function reportExpired(): Promise<void> {
    const [total] = (await metrics.checksExpired.get()).values;
    const expired = total?.value ?? 0;
    await addExpiredChecks(db, expired - reported);
    reported = expired;
  }

  return async () => {
    await recordQueueReading(db, await readQueue(redis, await listShards(db)));
    await reportExpired();
    const { lastDispatchedAgeSeconds, ingestDelaySeconds, probersSeen } = await readStatus(db);
    metrics.dispatchAge.set(lastDispatchedAgeSeconds ?? 0);
    metrics.oldestResult.set(ingestDelaySeconds ?? 0);
    metrics.probersSeen.set(probersSeen ?? 0);
  };
}
