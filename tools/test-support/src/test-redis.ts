import { Redis } from 'ioredis';
import { serverUrl } from './servers/server-url.ts';

export interface TestRedis {
  url: string;
  flush(): Promise<void>;
  /** Empties it and closes the connection that this object holds. */
  close(): Promise<void>;
}

/** A logical database of the caller's own, empty. Database 0 counts who took which. */
export async function createTestRedis(): Promise<TestRedis> {
  const server = serverUrl('TEST_REDIS_URL');
  const url = new URL(server);
  url.pathname = `/${await takeNumber(server)}`;
  const redis = new Redis(url.href);
  const flush = async () => void (await redis.flushdb());
  await flush();
  return {
    url: url.href,
    flush,
    close: async () => {
      await flush();
      await redis.quit();
    },
  };
}

async function takeNumber(server: string): Promise<number> {
  const redis = new Redis(server);
  try {
    const [, databases] = (await redis.config('GET', 'databases')) as [string, string];
    const taken = await redis.incr('gomon:test:databases');
    return 1 + (taken % (Number(databases) - 1));
  } finally {
    await redis.quit();
  }
}
