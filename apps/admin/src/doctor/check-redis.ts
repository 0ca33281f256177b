import { Redis } from 'ioredis';
import { fault, ok, skipped, type Finding } from './finding.ts';

const TIMEOUT_MS = 5000;

export async function checkQueueRedis(url: string): Promise<Finding> {
  if (!url) return skipped('QUEUE_REDIS_URL is not set');
  const { version, policy } = await readServer(url);
  if (policy !== 'noeviction')
    return fault(`Redis ${version} may evict jobs: maxmemory-policy is ${policy}, not noeviction`);
  return ok(`Redis ${version}, noeviction`);
}

/** A comma list may name several; what a window cache evicts is read again from PostgreSQL. */
export async function checkWindowRedis(urls: string): Promise<Finding> {
  if (!urls) return skipped('WINDOW_REDIS_URL is not set');
  const answers = await Promise.allSettled(urls.split(',').map(readServer));
  const faults = answers.flatMap((answer, i) =>
    answer.status === 'rejected'
      ? [`number ${i} of WINDOW_REDIS_URL: ${(answer.reason as Error).message}`]
      : [],
  );
  if (faults.length > 0) return fault(faults.join('; '));
  return ok(
    answers
      .map((answer) => (answer.status === 'fulfilled' ? `Redis ${answer.value.version}` : ''))
      .join(', '),
  );
}

async function readServer(url: string): Promise<{ version: string; policy: string }> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    disconnectTimeout: 100,
  });
  let reason: Error | undefined;
  redis.on('error', (error: Error) => (reason = error)); // What rejects says only that the connection is closed.
  try {
    await redis.connect();
    const facts = `${await redis.info('server')}\n${await redis.info('memory')}`;
    const factOf = (name: string) =>
      new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(facts)?.[1] ?? 'unknown';
    return { version: factOf('redis_version'), policy: factOf('maxmemory_policy') };
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}
