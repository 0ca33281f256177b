import { setTimeout as delay } from 'node:timers/promises';
import { QUEUE_PREFIX, resultQueueName, resultRetryDelayMs } from '@gomon/queue-contracts';
import type { Stoppable } from '@gomon/runtime';
import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { ingestCheckResults, type IngestDeps } from './ingest-check-results.ts';

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

/** Ingests one shard's results, one job at a time. A job that fails is tried again until it succeeds. */
export function createIngestWorker(shard: number, connection: Redis, deps: IngestWorkerDeps): IngestWorker {
  const { metrics, onFault } = deps;
  const worker = new Worker(resultQueueName(shard), (job) => ingestCheckResults(shard, job.data, deps), {
    connection,
    prefix: QUEUE_PREFIX,
    autorun: false,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: 1_000_000_000,
    settings: { backoffStrategy: resultRetryDelayMs },
  });
  worker.on('error', (error) => onFault('the results queues are out of reach', error));
  worker.on('failed', (_, error) => {
    metrics.loopFailures.inc({ loop: 'ingest' });
    onFault('results could not be ingested and will be tried again', error);
  });
  return {
    start() {
      // It ends only when it is stopped; should it fail, nobody catches that and the process ends.
      void worker.run();
    },
    stop: () => Promise.race([worker.close(), delay(STOP_GRACE_MS, undefined, { ref: false })]),
  };
}
