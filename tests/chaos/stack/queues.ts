import {
  PROBE_QUEUE,
  QUEUE_PREFIX,
  resultQueueName,
  QUARANTINE_QUEUE,
} from '@gomon/queue-contracts';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { SHARD_COUNT } from './app-environment.ts';
import type { RedisServer } from './redis.ts';

export const RESULT_QUEUES = Array.from({ length: SHARD_COUNT }, (_, shard) =>
  resultQueueName(shard),
);
export const ALL_QUEUES = [PROBE_QUEUE, QUARANTINE_QUEUE, ...RESULT_QUEUES];

/** A look at a queue past all links. Rejects when its Redis does not answer. */
export async function withQueue<Answer>(
  server: RedisServer,
  name: string,
  use: (queue: Queue) => Promise<Answer>,
): Promise<Answer> {
  const connection = new Redis(server.url(), {
    retryStrategy: () => null,
    commandTimeout: 4000,
    maxRetriesPerRequest: 0,
  });
  connection.on('error', () => undefined); // What is under way rejects.
  const queue = new Queue(name, {
    connection,
    prefix: QUEUE_PREFIX,
    skipVersionCheck: true,
    skipMetasUpdate: true,
  });
  queue.on('error', () => undefined);
  try {
    return await use(queue);
  } finally {
    await queue.close().catch(() => undefined);
    connection.disconnect();
  }
}

export async function pauseResults(server: RedisServer): Promise<void> {
  for (const name of RESULT_QUEUES) await withQueue(server, name, (queue) => queue.pause());
}

export async function resumeResults(server: RedisServer): Promise<void> {
  for (const name of RESULT_QUEUES) await withQueue(server, name, (queue) => queue.resume());
}
