import { QUEUE_PREFIX, resultQueueName, resultRetryDelayMs } from '@gomon/queue-contracts';
import type { Logger, Stoppable } from '@gomon/runtime';
import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { ingestCheckResults, type IngestDeps } from './ingest-check-results.ts';

const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5000;

export interface IngestWorker extends Stoppable {
  start(): void;
}

/** Ingests one shard's results, one job at a time. A job that fails is tried again until it succeeds. */
export function createIngestWorker(
  shard: number,
  connection: Redis,
  deps: IngestDeps & { readonly logger: Logger },
): IngestWorker {
  const { logger, metrics } = deps;
  const worker = new Worker(resultQueueName(shard), (job) => ingestCheckResults(shard, job.data, deps), {
    connection,
    prefix: QUEUE_PREFIX,
    autorun: false,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    settings: { backoffStrategy: resultRetryDelayMs },
  });
  worker.on('error', (error) => logger.warn({ shard, error: error.message }, 'the results queue is out of reach'));
  worker.on('failed', (_, error) => {
    metrics.loopFailures.inc({ loop: 'ingest' });
    logger.error({ shard, error: error.message }, 'results could not be ingested: they will be tried again');
  });
  return {
    start() {
      worker.run().catch((error: unknown) => logger.error({ shard, err: error }, 'the ingest worker ended'));
    },
    stop: () => worker.close(),
  };
}
