import { setTimeout as delay } from 'node:timers/promises';
import type { CheckResult } from '@gomon/domain';
import { QUEUE_PREFIX, RESULT_JOB_OPTIONS, resultQueueName, type ResultJob } from '@gomon/queue-contracts';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

export interface ResultReporter {
  /** Resolves when the result is on the results queue of its shard; rejects when it could not be put there for a minute. */
  report(shard: number, result: CheckResult): Promise<void>;
  stop(): Promise<void>;
}

interface Deps {
  readonly redis: Redis;
  readonly onReported: (count: number) => void;
  readonly onFault: (what: string, error: Error) => void;
}

interface Batch {
  readonly results: CheckResult[];
  readonly reported: PromiseWithResolvers<void>;
}

const BATCH_SIZE = 200;
const BATCH_DELAY_MS = 400;
const RETRY_DELAY_MS = 1000;
const PATIENCE_MS = 60_000;

/**
 * Collects results for 400 ms, or 200 of a shard, and adds those of each shard to its queue as one job; those of all shards at the
 * same moment, so that a scheduler finds them together.
 */
export function createResultReporter({ redis, onReported, onFault }: Deps): ResultReporter {
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
        onFault('results could not be reported yet', error as Error);
      }
    }
  }

  function openBatch(shard: number): Batch {
    const batch: Batch = { results: [], reported: Promise.withResolvers() };
    if (batches.size === 0) timer = setTimeout(() => [...batches].forEach(([each, open]) => send(each, open)), BATCH_DELAY_MS);
    batches.set(shard, batch);
    return batch;
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
