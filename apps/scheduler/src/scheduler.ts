import {
  PROBE_QUEUE,
  QUEUE_PREFIX,
  QUARANTINE_QUEUE,
  type ProbeJobData,
} from '@gomon/queue-contracts';
import { createFaultLog, type Stoppable } from '@gomon/runtime';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import pTimeout from 'p-timeout';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { createIngestWorkers } from './ingest/ingest-worker.ts';
import { createSkippedChecksLog } from './dispatch/skipped-checks-log.ts';
import { createDryRunWorker } from './dispatch/dry-runs.ts';
import { createBackpressure } from './dispatch/backpressure.ts';
import { createQueueProgress } from './dispatch/queue-progress.ts';
import { createRowBackedWindows } from './ingest/row-backed-windows.ts';
import { createLoops, maintain, type LoopDeps } from './loops.ts';
import { createSender, type SenderDeps } from './notifications/sender.ts';

export interface SchedulerOptions extends LoopDeps {
  /** For BullMQ's workers: waits. */
  readonly workerRedis: Redis;
  readonly windowRedis: readonly Redis[];
  readonly notifications: Pick<
    SenderDeps,
    'db' | 'encryption' | 'outside' | 'publicUrl' | 'stalls'
  >;
}

export interface Scheduler extends Stoppable {
  start(): Promise<void>;
}

/** A scheduler still stops before it is killed, even if every server hangs. */
const STOP_MS = { work: 16_000, sending: 4000, queues: 2000 } as const;

/**
 * Serves its shards: dispatches their checks, ingests their results, maintains their partitions.
 * Any number may run at once.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { db, dispatchDb, shards, retentionDays, queueRedis, workerRedis, windowRedis } = options;
  const { notifications, metrics, logger } = options;
  const onFault = createFaultLog(logger);
  const probes = openProbeQueue(PROBE_QUEUE, queueRedis, onFault);
  const quarantine = openProbeQueue(QUARANTINE_QUEUE, queueRedis, onFault);
  const ingest = {
    db,
    windows: createRowBackedWindows(windowRedis, db),
    retentionDays,
    metrics,
    logger,
    onFault,
  };
  const dispatcher = createDispatcher(shards, {
    db: dispatchDb,
    probes,
    progress: createQueueProgress(queueRedis),
    backlog: createBackpressure(probes, queueRedis),
    skippedLog: createSkippedChecksLog(logger),
    metrics,
    logger,
  });
  const sender = createSender({ ...notifications, metrics, logger, onFault });
  const loops = createLoops(options, { dispatcher, sender, probes, quarantine, ingest, onFault });
  const workers = [
    ...createIngestWorkers(shards, workerRedis, ingest),
    createDryRunWorker({ db: dispatchDb, connection: workerRedis, onFault }),
  ];
  return {
    async start() {
      await maintain(options, onFault);
      for (const part of [...workers, ...loops]) part.start();
    },
    async stop() {
      // Abandon what does not end in time: the rows tell other schedulers what to repeat.
      await atMost(STOP_MS.work, Promise.all([...loops, ...workers].map((part) => part.stop())));
      await atMost(STOP_MS.sending, sender.idle());
      await atMost(STOP_MS.queues, Promise.all([probes.close(), quarantine.close()]));
    },
  };
}

/** Redis may start after us; a version check that fails would make the queue unusable. */
function openProbeQueue(
  name: string,
  connection: Redis,
  onFault: ReturnType<typeof createFaultLog>,
): Queue<ProbeJobData> {
  const options = {
    connection,
    prefix: QUEUE_PREFIX,
    skipWaitingForReady: true,
    skipVersionCheck: true,
  };
  const queue = new Queue<ProbeJobData>(name, options);
  queue.on('error', (error) => onFault('cannot reach the probe queue', error));
  return queue;
}

/** Resolves when `work` has ended, and after this long at the latest. */
function atMost(milliseconds: number, work: Promise<unknown>): Promise<unknown> {
  return pTimeout(work, { milliseconds, message: false });
}
