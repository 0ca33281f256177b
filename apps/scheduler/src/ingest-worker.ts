import { setTimeout as delay } from 'node:timers/promises';
import { QUEUE_PREFIX, resultQueueName, resultRetryDelayMs } from '@gomon/queue-contracts';
import type { Stoppable } from '@gomon/runtime';
import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { gather } from './gather.ts';
import { ingestCheckResults, type IngestDeps } from './ingest-check-results.ts';

/** So many jobs, of up to 500 results each, are in hand: what waits among them becomes one batch. */
const JOBS_IN_HAND = 8;
/** While one batch is stored, the alerts of another are looked after. */
const BATCHES_AT_A_TIME = 2;
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5000;
/** A job that is not done by then is left to be taken again: ingesting twice is harmless. */
const STOP_GRACE_MS = 20_000;

export interface IngestWorkerDeps extends IngestDeps {
  readonly onFault: (what: string, error: Error) => void;
}

export interface IngestWorker extends Stoppable {
  start(): void;
}

/** Ingests one shard's results, in larger batches the more of them wait. A job that fails is tried again until it succeeds. */
export function createIngestWorker(shard: number, connection: Redis, deps: IngestWorkerDeps): IngestWorker {
  const { metrics, onFault } = deps;
  const ingest = gather((jobs: readonly unknown[]) => ingestCheckResults(shard, jobs, deps), BATCHES_AT_A_TIME);
  const stopping = new AbortController();
  const worker = new Worker(resultQueueName(shard), (job) => ingest(job.data).catch((error) => waitOut(job, error)), {
    concurrency: JOBS_IN_HAND,
    connection,
    prefix: QUEUE_PREFIX,
    autorun: false,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: 1_000_000_000,
  });
  worker.on('error', (error) => onFault('the results queues are out of reach', error));
  worker.on('failed', (_, error) => {
    metrics.loopFailures.inc({ loop: 'ingest' });
    onFault('results could not be ingested and will be tried again', error);
  });

  /** Here, and not by the queue, whose delays go by the clocks of whoever puts off and whoever takes up again. */
  async function waitOut(job: Job, error: unknown): Promise<never> {
    await delay(resultRetryDelayMs(job.attemptsMade + 1), undefined, { signal: stopping.signal }).catch(() => undefined);
    throw error;
  }

  return {
    start() {
      // It ends only when it is stopped; should it fail, nobody catches that and the process ends.
      void worker.run();
    },
    stop: () => {
      stopping.abort();
      return Promise.race([worker.close(), delay(STOP_GRACE_MS, undefined, { ref: false })]);
    },
  };
}
