import { maintainPartitions, type Db } from '@gomon/persistence';
import { PROBE_QUEUE, QUEUE_PREFIX, type ProbeJob } from '@gomon/queue-contracts';
import type { Logger, Stoppable } from '@gomon/runtime';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { createDispatcher } from './dispatcher.ts';
import { giveUpFailedProbes } from './give-up-failed-probes.ts';
import { createIngestWorker } from './ingest-worker.ts';
import { createLoop } from './loop.ts';
import type { SchedulerMetrics } from './metrics.ts';
import { createRowBackedWindows } from './row-backed-windows.ts';

const GIVE_UP_EVERY_MS = 5000;
const MAINTENANCE_EVERY_MS = 600_000;

export interface SchedulerOptions {
  readonly db: Db;
  readonly databaseUrl: string;
  readonly shards: readonly number[];
  readonly retentionDays: number;
  /** For commands: fails fast. */
  readonly queueRedis: Redis;
  /** For BullMQ's workers: waits. */
  readonly workerRedis: Redis;
  readonly windowRedis: readonly Redis[];
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

export interface Scheduler extends Stoppable {
  start(): Promise<void>;
}

/** Serves its shards: dispatches their checks, ingests their results, keeps their partitions. Any number may run at once. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { db, databaseUrl, shards, retentionDays, queueRedis, workerRedis, windowRedis, metrics, logger } = options;
  const probes = new Queue<ProbeJob>(PROBE_QUEUE, { connection: queueRedis, prefix: QUEUE_PREFIX, skipWaitingForReady: true });
  probes.on('error', (error) => logger.warn({ error: error.message }, 'the probe queue is out of reach'));
  const ingest = { db, windows: createRowBackedWindows(windowRedis, db), retentionDays, metrics, logger };
  const dispatcher = createDispatcher(shards, { db, probes, metrics, logger });
  const onFailure = (loop: string) => metrics.loopFailures.inc({ loop });
  const maintain = () => maintainPartitions(databaseUrl, retentionDays);
  const loops = [
    createLoop({ name: 'dispatch', runOnce: () => dispatcher.runOnce(), delayMs: () => dispatcher.delayMs(), onFailure, logger }),
    createLoop({
      name: 'give-up',
      runOnce: () => giveUpFailedProbes({ ...ingest, probes }),
      delayMs: () => GIVE_UP_EVERY_MS,
      onFailure,
      logger,
    }),
    createLoop({ name: 'partitions', runOnce: maintain, delayMs: () => MAINTENANCE_EVERY_MS, onFailure, logger }),
  ];
  const workers = shards.map((shard) => createIngestWorker(shard, workerRedis, ingest));
  return {
    async start() {
      await maintain();
      for (const part of [...workers, ...loops]) part.start();
    },
    async stop() {
      await Promise.all([...loops, ...workers].map((part) => part.stop()));
      await probes.close();
    },
  };
}
