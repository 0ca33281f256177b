// Has probers try what is no monitor yet, and writes down what they say. The rows are authoritative: each is put on the queue once at
// most, and its result goes to its row and never to checks. Who waits for one that is lost is told so by the api.
import { setTimeout as delay } from 'node:timers/promises';
import { deleteOldDryRuns, endDryRun, takeDryRuns, type Db, type TakenDryRun } from '@gomon/persistence';
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

/** So long may a dry run wait for a scheduler, and then for its turn at a prober: whoever asked waits no longer for either. */
const PATIENCE_SECONDS = 10;

/** Puts the dry runs that wait on the queue, behind what is there. All schedulers may do so at once. */
export async function dispatchDryRuns({ db, probes }: DryRunDeps): Promise<void> {
  const dryRuns = await takeDryRuns(db, PATIENCE_SECONDS);
  if (dryRuns.length > 0) await probes.addBulk(dryRuns.map(toJob));
}

/** What is older than anybody waits for. */
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

/** Takes the results of dry runs, which are as untrusted as any. */
export function createDryRunWorker({ db, connection, onFault }: DryRunWorkerDeps): IngestWorker {
  const take = async ({ data }: Job) => {
    for (const result of parseResultJob(data).results) {
      // Trying again would come too late for who waits.
      await endDryRun(db, result).catch((error: Error) => onFault('the result of a dry run could not be written down', error));
    }
  };
  const options = { connection, prefix: QUEUE_PREFIX, autorun: false };
  const worker = new Worker(resultQueueName(DRY_RUN_SHARD), take, options);
  worker.on('error', (error) => onFault('the results of dry runs are out of reach', error));
  return {
    start() {
      // It ends only when it is stopped; should it fail, nobody catches that and the process ends.
      void worker.run();
    },
    // Without Redis a worker would wait for it for ever.
    stop: () => Promise.race([worker.close(), delay(STOP_GRACE_MS, undefined, { ref: false })]),
  };
}
