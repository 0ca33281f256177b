import { deleteExpiredSessions, maintainPartitions, type Db } from '@gomon/persistence';
import { PROBE_QUEUE, QUEUE_PREFIX, type ProbeJob } from '@gomon/queue-contracts';
import { createFaultLog, type Logger, type Stoppable } from '@gomon/runtime';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { createDispatcher } from './dispatcher.ts';
import { giveUpFailedProbes } from './give-up-failed-probes.ts';
import { createIngestWorker } from './ingest-worker.ts';
import { createLoop } from './loop.ts';
import type { SchedulerMetrics } from './metrics.ts';
import { createQueueProgress } from './queue-progress.ts';
import { createRowBackedWindows } from './row-backed-windows.ts';

const GIVE_UP_EVERY_MS = 5000;
const MAINTENANCE_EVERY_MS = 600_000;

export interface SchedulerOptions {
  readonly db: Db;
  /** A pool of its own, so that dispatch never waits for ingestion. */
  readonly dispatchDb: Db;
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
  const { db, dispatchDb, databaseUrl, shards, retentionDays, queueRedis, workerRedis, windowRedis, metrics, logger } = options;
  // Redis may come later than we do: a version check that fails would make the queue useless for ever.
  const probes = new Queue<ProbeJob>(PROBE_QUEUE, {
    connection: queueRedis,
    prefix: QUEUE_PREFIX,
    skipWaitingForReady: true,
    skipVersionCheck: true,
  });
  const onFault = createFaultLog(logger);
  probes.on('error', (error) => onFault('the probe queue is out of reach', error));
  const ingest = { db, windows: createRowBackedWindows(windowRedis, db), retentionDays, metrics, logger, onFault };
  const dispatcher = createDispatcher(shards, {
    db: dispatchDb,
    probes,
    progress: createQueueProgress(queueRedis),
    metrics,
    logger,
  });
  const maintain = async () => {
    await maintainPartitions(databaseUrl, retentionDays);
    await deleteExpiredSessions(db);
  };
  const loop = (name: string, delayMs: () => number, runOnce: () => Promise<unknown>) =>
    createLoop({
      runOnce,
      delayMs,
      onFailure: (error) => {
        metrics.loopFailures.inc({ loop: name });
        onFault(`the ${name} loop failed`, error);
      },
    });
  const loops = [
    loop(
      'dispatch',
      () => dispatcher.delayMs(),
      () => dispatcher.runOnce(),
    ),
    loop(
      'give-up',
      () => GIVE_UP_EVERY_MS,
      () => giveUpFailedProbes({ ...ingest, probes }),
    ),
    loop('maintenance', () => MAINTENANCE_EVERY_MS, maintain),
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
