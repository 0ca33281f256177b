// Has probers try what is no monitor yet, and writes down what they say. The rows are authoritative: each is put on the queue once at
// most, and its result goes to its row and never to checks. Who waits for one that is lost is told so by the api.
import { setTimeout as delay } from 'node:timers/promises';
import { deleteOldTrials, endProbeTrial, takeProbeTrials, type Db, type TakenTrial } from '@gomon/persistence';
import {
  parseResultJob,
  QUEUE_PREFIX,
  resultQueueName,
  TRIAL_JOB_OPTIONS,
  TRIAL_SHARD,
  writeProbeJob,
  type ProbeJobData,
} from '@gomon/queue-contracts';
import { Worker, type Job, type Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { IngestWorker } from '../ingest/ingest-worker.ts';

export interface TrialDeps {
  readonly db: Db;
  readonly probes: Queue<ProbeJobData>;
}

/** So long may a trial wait for a scheduler, and then for its turn at a prober: whoever asked waits no longer for either. */
const PATIENCE_SECONDS = 10;

/** Puts the trials that wait on the queue, behind what is there. All schedulers may do so at once. */
export async function dispatchTrials({ db, probes }: TrialDeps): Promise<void> {
  const trials = await takeProbeTrials(db, PATIENCE_SECONDS);
  if (trials.length > 0) await probes.addBulk(trials.map(toJob));
}

/** What is older than anybody waits for. */
export async function forgetTrials({ db }: Pick<TrialDeps, 'db'>): Promise<void> {
  await deleteOldTrials(db);
}

function toJob({ id, settings, takenAt, owner }: TakenTrial) {
  const slot = Math.floor(takenAt.getTime() / 1000);
  const target = { ...settings, monitorId: id, intervalSeconds: PATIENCE_SECONDS, owner };
  return {
    name: 'trial',
    data: writeProbeJob({ shard: TRIAL_SHARD, slot, targets: [target] }),
    opts: { ...TRIAL_JOB_OPTIONS, jobId: `trial-${id}`, timestamp: slot * 1000 },
  };
}

const STOP_GRACE_MS = 20_000;

interface TrialWorkerDeps {
  readonly db: Db;
  readonly connection: Redis;
  readonly onFault: (what: string, error: Error) => void;
}

/** Takes the results of trials, which are as untrusted as any. */
export function createTrialWorker({ db, connection, onFault }: TrialWorkerDeps): IngestWorker {
  const take = async ({ data }: Job) => {
    for (const result of parseResultJob(data).results) {
      // Trying again would come too late for who waits.
      await endProbeTrial(db, result).catch((error: Error) => onFault('the result of a trial could not be written down', error));
    }
  };
  const options = { connection, prefix: QUEUE_PREFIX, autorun: false };
  const worker = new Worker(resultQueueName(TRIAL_SHARD), take, options);
  worker.on('error', (error) => onFault('the results of trials are out of reach', error));
  return {
    start() {
      // It ends only when it is stopped; should it fail, nobody catches that and the process ends.
      void worker.run();
    },
    // Without Redis a worker would wait for it for ever.
    stop: () => Promise.race([worker.close(), delay(STOP_GRACE_MS, undefined, { ref: false })]),
  };
}
