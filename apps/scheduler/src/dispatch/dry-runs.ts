// Lets probers test settings that belong to no monitor yet, and stores their results. The rows are
// authoritative: each is queued at most once, and its result goes to its row, never to checks. If
// one is lost, the api answers so.
import { setTimeout as delay } from 'node:timers/promises';
import {
  deleteOldDryRuns,
  endDryRun,
  takeDryRuns,
  type Db,
  type TakenDryRun,
} from '@gomon/persistence';
import {
  parseResultJob,
  QUEUE_PREFIX,
  resultQueueName,
  DRY_RUN_JOB_OPTIONS,
  DRY_RUN_SHARD,
  writeProbeJob,
  type ProbeJobData,
} from '@gomon/queue-contracts';
import { Worker, type Job, type Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { IngestWorker } from '../ingest/ingest-worker.ts';

export interface DryRunDeps {
  readonly db: Db;
  readonly probes: Queue<ProbeJobData>;
}

/**
 * How long a dry run may wait for a scheduler, and then for a prober: the caller waits no longer
 * for either.
 */
const PATIENCE_SECONDS = 10;

/** Queues waiting dry runs behind what is already there. All schedulers may do so at once. */
export async function dispatchDryRuns({ db, probes }: DryRunDeps): Promise<void> {
  const dryRuns = await takeDryRuns(db, PATIENCE_SECONDS);
  if (dryRuns.length > 0) await probes.addBulk(dryRuns.map(toJob));
}

/** Removes rows older than any caller waits. */
export async function forgetDryRuns({ db }: Pick<DryRunDeps, 'db'>): Promise<void> {
  await deleteOldDryRuns(db);
}

function toJob({ id, settings, takenAt, owner }: TakenDryRun) {
  const slot = Math.floor(takenAt.getTime() / 1000);
  const target = { ...settings, monitorId: id, intervalSeconds: PATIENCE_SECONDS, owner };
  return {
    name: 'dryRun',
    data: writeProbeJob({ shard: DRY_RUN_SHARD, slot, targets: [target] }),
    opts: { ...DRY_RUN_JOB_OPTIONS, jobId: `dry-run-${id}`, timestamp: slot * 1000 },
  };
}

const STOP_GRACE_MS = 20_000;

interface DryRunWorkerDeps {
  readonly db: Db;
  readonly connection: Redis;
  readonly onFault: (what: string, error: Error) => void;
}

/** Stores the results of dry runs, which are as untrusted as any. */
export function createDryRunWorker({ db, connection, onFault }: DryRunWorkerDeps): IngestWorker {
  const take = async ({ data }: Job) => {
    for (const result of parseResultJob(data).results) {
      // A retry would come too late for the caller.
      await endDryRun(db, result).catch((error: Error) =>
        onFault('could not store the result of a dry run', error),
      );
    }
  };
  const options = { connection, prefix: QUEUE_PREFIX, autorun: false };
  const worker = new Worker(resultQueueName(DRY_RUN_SHARD), take, options);
  worker.on('error', (error) => onFault('cannot reach the results of dry runs', error));
  return {
    start() {
      // It ends only when stopped; if it fails, nobody catches that and the process exits.
      void worker.run();
    },
    // Without Redis a worker would wait for it without end.
    stop: () => Promise.race([worker.close(), delay(STOP_GRACE_MS, undefined, { ref: false })]),
  };
}
