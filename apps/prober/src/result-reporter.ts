import { setTimeout as delay } from 'node:timers/promises';
import type { CheckResult } from '@gomon/domain';
import {
  QUEUE_PREFIX,
  RESULT_JOB_OPTIONS,
  resultQueueName,
  type ResultJob,
} from '@gomon/queue-contracts';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { ServerClock } from './server-clock.ts';

export interface ResultReporter {
  /**
   * Resolves when the result is on its shard's results queue; rejects when that failed for a
   * minute.
   */
  report(shard: number, result: CheckResult): Promise<void>;
  stop(): Promise<void>;
}

interface Deps {
  readonly redis: Redis;
  readonly clock: Pick<ServerClock, 'now'>;
  readonly onReported: (count: number) => void;
  readonly onFault: (what: string, error: Error) => void;
}

interface Batch {
  readonly results: CheckResult[];
  readonly reported: PromiseWithResolvers<void>;
}

const BATCH_SIZE = 200;
const REPORT_EVERY_MS = 400;
const RETRY_DELAY_MS = 1000;
const PATIENCE_MS = 60_000;

/**
 * Adds each shard's results to its queue as one job at every multiple of 400 ms, or when there are
 * 200. All probers report all shards at the same moments, so a scheduler can ingest their results
 * together.
 */
export function createResultReporter({ redis, clock, onReported, onFault }: Deps): ResultReporter {
  const queues = new Map<number, Queue<ResultJob>>();
  const batches = new Map<number, Batch>();
  let timer: NodeJS.Timeout | undefined;

  function openQueue(shard: number): Queue<ResultJob> {
    const queue = new Queue<ResultJob>(resultQueueName(shard), {
      connection: redis,
      prefix: QUEUE_PREFIX,
      skipVersionCheck: true,
    });
    queue.on('error', (error) => onFault('results queue', error));
    queues.set(shard, queue);
    return queue;
  }

  async function add(shard: number, results: CheckResult[]): Promise<void> {
    const queue = queues.get(shard) ?? openQueue(shard);
    for (const startedAt = performance.now(); ; await delay(RETRY_DELAY_MS)) {
      try {
        await queue.add('results', { results }, RESULT_JOB_OPTIONS);
        return onReported(results.length);
      } catch (error) {
        if (performance.now() - startedAt > PATIENCE_MS) throw error;
        onFault('could not report results yet', error as Error);
      }
    }
  }

  function openBatch(shard: number): Batch {
    const batch: Batch = { results: [], reported: Promise.withResolvers() };
    if (batches.size === 0)
      timer = setTimeout(sendAll, REPORT_EVERY_MS - (clock.now() % REPORT_EVERY_MS));
    batches.set(shard, batch);
    return batch;
  }

  function sendAll(): void {
    for (const [shard, batch] of batches) send(shard, batch);
  }

  function send(shard: number, { results, reported }: Batch): void {
    batches.delete(shard);
    if (batches.size === 0) clearTimeout(timer);
    add(shard, results).then(reported.resolve, reported.reject);
  }

  return {
    report: (shard, result) => {
      const batch = batches.get(shard) ?? openBatch(shard);
      batch.results.push(result);
      if (batch.results.length === BATCH_SIZE) send(shard, batch);
      return batch.reported.promise;
    },
    stop: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
