import { QUEUE_PREFIX } from '@gomon/queue-contracts';
import { QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { ALL_QUEUES } from '../stack/queues.ts';
import { startLink } from '../stack/link.ts';
import type { RedisServer } from '../stack/redis.ts';

/** Counts the jobs that were taken again because their holder was gone. */
export interface StalledJobWatch {
  readonly count: number;
  stop(): Promise<void>;
}

export async function watchStalledJobs(server: RedisServer): Promise<StalledJobWatch> {
  let count = 0;
  const link = await startLink({ upstream: () => server.port() }); // Keeps the address when the server is started again.
  const url = new URL(server.url());
  url.port = String(link.port);
  const open = ALL_QUEUES.map((name) => {
    const connection = new Redis(url.href, {
      maxRetriesPerRequest: null,
      retryStrategy: () => 300,
    });
    connection.on('error', () => undefined); // It tries again.
    const events = new QueueEvents(name, {
      connection,
      prefix: QUEUE_PREFIX,
      skipVersionCheck: true,
    });
    events.on('error', () => undefined);
    events.on('stalled', () => (count += 1));
    return { events, connection };
  });
  return {
    get count() {
      return count;
    },
    stop: async () => {
      for (const { events, connection } of open) {
        connection.disconnect();
        await events.close().catch(() => undefined);
      }
      await link.close();
    },
  };
}
