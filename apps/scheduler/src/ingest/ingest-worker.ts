import { setTimeout as delay } from 'node:timers/promises';
import {
  countResults,
  QUEUE_PREFIX,
  resultQueueName,
  resultRetryDelayMs,
} from '@gomon/queue-contracts';
import type { Stoppable } from '@gomon/runtime';
import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { batched } from './batcher.ts';
import {
  ingestCheckResults,
  type IngestDeps,
  type ResultDelivery,
} from './ingest-check-results.ts';

/** Jobs of a shard in progress, of up to 500 results each: those that wait become one batch. */
export const JOBS_IN_HAND = 16;
/**
 * While one batch is stored, another is read or its alerts are reconciled; a third of a backlog is
 * stored while one waits for the disk. A prober reports all shards at once, which makes one batch.
 */
export const BATCHES = {
  concurrency: 2,
  concurrencyWhenFull: 3,
  maxWaitMs: 50,
  enough: 4000,
  sizeOf: ({ job }: ResultDelivery) => countResults(job),
};
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5000;
/** A job not done by then is taken again: ingesting twice is harmless. */
const STOP_GRACE_MS = 20_000;

export interface IngestWorkerDeps extends IngestDeps {
  readonly onFault: (what: string, error: Error) => void;
}

export interface IngestWorker extends Stoppable {
  start(): void;
}

/**
 * Ingests the results of these shards, in larger batches the more of them wait. A failed job is
 * retried until it succeeds.
 */
export function createIngestWorkers(
  shards: readonly number[],
  connection: Redis,
  deps: IngestWorkerDeps,
): IngestWorker[] {
  const ingest = batched(
    (deliveries: readonly ResultDelivery[]) => ingestCheckResults(deliveries, deps),
    BATCHES,
  );
  return shards.map((shard) => createIngestWorker(shard, connection, ingest, deps));
}

function createIngestWorker(
  shard: number,
  connection: Redis,
  ingest: (delivery: ResultDelivery) => Promise<void>,
  { metrics, onFault }: IngestWorkerDeps,
): IngestWorker {
  const stopping = new AbortController();
  const take = (job: Job) => ingest({ shard, job: job.data }).catch((error) => waitOut(job, error));
  const worker = new Worker(resultQueueName(shard), take, {
    concurrency: JOBS_IN_HAND,
    connection,
    prefix: QUEUE_PREFIX,
    autorun: false,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: 1_000_000_000,
  });
  worker.on('error', (error) => onFault('cannot reach the results queues', error));
  worker.on('failed', (_, error) => {
    metrics.loopFailures.inc({ loop: 'ingest' });
    onFault('could not ingest results; they will be retried', error);
  });

  /** Waits here, not on the queue, whose delays depend on the clocks of two machines. */
  async function waitOut(job: Job, error: unknown): Promise<never> {
    await delay(resultRetryDelayMs(job.attemptsMade + 1), undefined, {
      signal: stopping.signal,
    }).catch(() => undefined);
    throw error;
  }

  return {
    start() {
      // It ends only when stopped; if it fails, nobody catches that and the process exits.
      void worker.run();
    },
    stop: () => {
      stopping.abort();
      return Promise.race([worker.close(), delay(STOP_GRACE_MS, undefined, { ref: false })]);
    },
  };
}
