import { deleteExpiredSessions, deleteForgottenAttempts, maintainPartitions, partitionsEnd, type Db } from '@gomon/persistence';
import { PROBE_QUEUE, QUEUE_PREFIX, SUSPECT_QUEUE, type ProbeJobData } from '@gomon/queue-contracts';
import { createFaultLog, type Logger, type Stoppable } from '@gomon/runtime';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { createDispatcher } from './dispatcher.ts';
import { giveUpFailedProbes } from './give-up-failed-probes.ts';
import { growMaintenance } from './grow-maintenance.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createIngestWorkers } from './ingest-worker.ts';
import { createLeftOutLog } from './left-out-log.ts';
import { createLoop } from './loop.ts';
import type { SchedulerMetrics } from './metrics.ts';
import { purgeExpired } from './purge-expired.ts';
import { createTrialWorker, dispatchTrials, forgetTrials } from './probe-trials.ts';
import { createQueueBacklog } from './queue-backlog.ts';
import { createQueueProgress } from './queue-progress.ts';
import { reportStatus } from './report-status.ts';
import { createRowBackedWindows } from './row-backed-windows.ts';
import { createSender, type SenderDeps } from './send-notifications.ts';
import { settleAfterLoss } from './settle-after-loss.ts';
import { tendOutbox } from './tend-outbox.ts';

const GIVE_UP_EVERY_MS = 5000;
const STATUS_EVERY_MS = 5000;
/** Whoever had results in hand when they were lost has settled their alerts by then, or cannot. */
const SETTLE_EVERY_MS = 15_000;
const OUTBOX_EVERY_MS = 5000;
/** Somebody waits; and looking for what is not there costs a glance at an empty index. */
const TRIALS_EVERY_MS = 500;
const FORGET_TRIALS_EVERY_MS = 60_000;
const HEARTBEAT_EVERY_MS = 30_000;
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
  /** Called while cycles end in time; empty for none. */
  readonly heartbeatUrl: string;
  readonly notifications: Pick<SenderDeps, 'db' | 'seal' | 'outside' | 'publicUrl'>;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

export interface Scheduler extends Stoppable {
  start(): Promise<void>;
}

/** Serves its shards: dispatches their checks, ingests their results, keeps their partitions. Any number may run at once. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { db, dispatchDb, databaseUrl, shards, retentionDays, queueRedis, workerRedis, windowRedis } = options;
  const { heartbeatUrl, notifications, metrics, logger } = options;
  const onFault = createFaultLog(logger);
  const probes = openProbeQueue(PROBE_QUEUE, queueRedis, onFault);
  const suspects = openProbeQueue(SUSPECT_QUEUE, queueRedis, onFault);
  const ingest = { db, windows: createRowBackedWindows(windowRedis, db), retentionDays, metrics, logger, onFault };
  const dispatcher = createDispatcher(shards, {
    db: dispatchDb,
    probes,
    progress: createQueueProgress(queueRedis),
    backlog: createQueueBacklog(probes, queueRedis),
    leftOutLog: createLeftOutLog(logger),
    metrics,
    logger,
  });
  const maintain = async () => {
    await maintainPartitions(databaseUrl, retentionDays);
    metrics.partitionsEnd.set((await partitionsEnd(databaseUrl)).getTime() / 1000);
    await growMaintenance({ db, onFault });
    await deleteExpiredSessions(db);
    await deleteForgottenAttempts(db);
  };
  const maintainAndPurge = async () => {
    await maintain();
    await purgeExpired(db, retentionDays);
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
  const every = (delayMs: number, name: string, runOnce: () => Promise<unknown>) => loop(name, () => delayMs, runOnce);
  const trials = { db: dispatchDb, probes };
  const status = { db: dispatchDb, redis: queueRedis, metrics };
  const heartbeat = createHeartbeat({ url: heartbeatUrl, db: dispatchDb, metrics, logger });
  const sender = createSender({ ...notifications, metrics, logger, onFault });
  const loops = [
    loop(
      'dispatch',
      () => dispatcher.delayMs(),
      () => dispatcher.runOnce(),
    ),
    every(GIVE_UP_EVERY_MS, 'give-up', () => giveUpFailedProbes({ ...ingest, probes, suspects })),
    loop(
      'notifications',
      () => sender.delayMs(),
      () => sender.runOnce(),
    ),
    every(OUTBOX_EVERY_MS, 'outbox', () => tendOutbox({ db: notifications.db, metrics })),
    every(MAINTENANCE_EVERY_MS, 'maintenance', maintainAndPurge),
    every(TRIALS_EVERY_MS, 'trials', () => dispatchTrials(trials)),
    every(FORGET_TRIALS_EVERY_MS, 'forget-trials', () => forgetTrials(trials)),
    every(SETTLE_EVERY_MS, 'settle-after-loss', () => settleAfterLoss(db, shards)),
    every(STATUS_EVERY_MS, 'status', () => reportStatus(status)),
    ...(heartbeatUrl ? [every(HEARTBEAT_EVERY_MS, 'heartbeat', () => heartbeat.runOnce())] : []),
  ];
  const workers = [
    ...createIngestWorkers(shards, workerRedis, ingest),
    createTrialWorker({ db: dispatchDb, connection: workerRedis, onFault }),
  ];
  return {
    async start() {
      await maintain();
      for (const part of [...workers, ...loops]) part.start();
    },
    async stop() {
      await Promise.all([...loops, ...workers].map((part) => part.stop()));
      await sender.idle();
      await Promise.all([probes.close(), suspects.close()]);
    },
  };
}

/** Redis may come later than we do: a version check that fails would make the queue useless for ever. */
function openProbeQueue(name: string, connection: Redis, onFault: ReturnType<typeof createFaultLog>): Queue<ProbeJobData> {
  const options = { connection, prefix: QUEUE_PREFIX, skipWaitingForReady: true, skipVersionCheck: true };
  const queue = new Queue<ProbeJobData>(name, options);
  queue.on('error', (error) => onFault('the probe queue is out of reach', error));
  return queue;
}
