import {
  deleteExpiredSessions,
  deleteForgottenAttempts,
  maintainPartitions,
  partitionsEnd,
  type Db,
} from '@gomon/persistence';
import type { ProbeJobData } from '@gomon/queue-contracts';
import type { createFaultLog, Logger } from '@gomon/runtime';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { createDispatcher } from './dispatch/dispatcher.ts';
import { splitPoisonJobs } from './dispatch/split-poison-jobs.ts';
import { growMaintenance } from './upkeep/grow-maintenance.ts';
import { createDeadMansSwitch } from './upkeep/dead-mans-switch.ts';
import { createLoop } from './loop.ts';
import type { LoopName, SchedulerMetrics } from './metrics.ts';
import { dispatchDryRuns, forgetDryRuns } from './dispatch/dry-runs.ts';
import { purgeExpired } from './upkeep/purge-expired.ts';
import { removeLeftovers } from './upkeep/remove-leftovers.ts';
import { createStatusReport } from './upkeep/report-status.ts';
import type { createSender } from './notifications/sender.ts';
import { reconcileAfterLoss } from './ingest/reconcile-after-loss.ts';
import { remindAndRelease } from './notifications/remind-and-release.ts';

const SPLIT_EVERY_MS = 5000;
const STATUS_EVERY_MS = 5000;
/** By then, processes that held lost results have reconciled their alerts, or never will. */
const RECONCILE_EVERY_MS = 15_000;
const OUTBOX_EVERY_MS = 5000;
/** A user waits; looking costs one query of an empty index. */
const DRY_RUNS_EVERY_MS = 500;
const FORGET_DRY_RUNS_EVERY_MS = 60_000;
/** Nobody sees leftovers; looking costs one query. */
const LEFTOVERS_EVERY_MS = 2000;
const HEARTBEAT_EVERY_MS = 30_000;
const MAINTENANCE_EVERY_MS = 600_000;

/** What the loops need from outside. */
export interface LoopDeps {
  readonly db: Db;
  /** A separate pool, so that dispatch never waits for ingestion. */
  readonly dispatchDb: Db;
  readonly databaseUrl: string;
  readonly shards: readonly number[];
  readonly retentionDays: number;
  /** For commands: fails fast. */
  readonly queueRedis: Redis;
  /** Called while cycles are in time; empty for none. */
  readonly heartbeatUrl: string;
  readonly notifications: { readonly db: Db };
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

interface LoopParts {
  readonly dispatcher: ReturnType<typeof createDispatcher>;
  readonly sender: ReturnType<typeof createSender>;
  readonly probes: Queue<ProbeJobData>;
  readonly quarantine: Queue<ProbeJobData>;
  readonly ingest: Omit<Parameters<typeof splitPoisonJobs>[0], 'probes' | 'quarantine'>;
  readonly onFault: ReturnType<typeof createFaultLog>;
}

/** All periodic work, each loop with its pause. */
export function createLoops(deps: LoopDeps, parts: LoopParts) {
  const {
    db,
    dispatchDb,
    shards,
    retentionDays,
    queueRedis,
    heartbeatUrl,
    notifications,
    metrics,
    logger,
  } = deps;
  const { dispatcher, sender, probes, quarantine, ingest, onFault } = parts;
  const loop = (name: LoopName, delayMs: () => number, runOnce: () => Promise<unknown>) =>
    createLoop({
      runOnce,
      delayMs,
      onFailure: (error) => {
        metrics.loopFailures.inc({ loop: name });
        onFault(`the ${name} loop failed`, error);
      },
    });
  const every = (delayMs: number, name: LoopName, runOnce: () => Promise<unknown>) =>
    loop(name, () => delayMs, runOnce);
  const maintainAndPurge = async () => {
    await maintain(deps, onFault);
    await purgeExpired(db, retentionDays);
  };
  const dryRuns = { db: dispatchDb, probes };
  const reportStatus = createStatusReport({ db: dispatchDb, redis: queueRedis, metrics });
  const heartbeat = createDeadMansSwitch({ url: heartbeatUrl, db: dispatchDb, metrics, logger });
  return [
    loop(
      'dispatch',
      () => dispatcher.delayMs(),
      () => dispatcher.runOnce(),
    ),
    every(SPLIT_EVERY_MS, 'give-up', () => splitPoisonJobs({ ...ingest, probes, quarantine })),
    loop(
      'notifications',
      () => sender.delayMs(),
      () => sender.runOnce(),
    ),
    every(OUTBOX_EVERY_MS, 'outbox', () => remindAndRelease({ db: notifications.db, metrics })),
    every(MAINTENANCE_EVERY_MS, 'maintenance', maintainAndPurge),
    every(LEFTOVERS_EVERY_MS, 'leftovers', () => removeLeftovers(db)),
    every(DRY_RUNS_EVERY_MS, 'dry-runs', () => dispatchDryRuns(dryRuns)),
    every(FORGET_DRY_RUNS_EVERY_MS, 'forget-dry-runs', () => forgetDryRuns(dryRuns)),
    every(RECONCILE_EVERY_MS, 'reconcile-after-loss', () => reconcileAfterLoss(db, shards)),
    every(STATUS_EVERY_MS, 'status', reportStatus),
    ...(heartbeatUrl ? [every(HEARTBEAT_EVERY_MS, 'heartbeat', () => heartbeat.runOnce())] : []),
  ];
}

/** Runs once before anything else. */
export async function maintain(
  { db, databaseUrl, retentionDays, metrics }: LoopDeps,
  onFault: LoopParts['onFault'],
): Promise<void> {
  await maintainPartitions(databaseUrl, retentionDays);
  metrics.partitionsEnd.set((await partitionsEnd(databaseUrl)).getTime() / 1000);
  await growMaintenance({ db, onFault });
  await deleteExpiredSessions(db);
  await deleteForgottenAttempts(db);
}
