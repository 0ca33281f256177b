import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, createTestRedis, freePort } from '@gomon/test-support';
import { startStack, type Stack } from '../../tools/local-stack/start-stack.ts';

export interface RunningStack extends Stack {
  /** The logs of all processes. */
  logDir: string;
  close(): Promise<void>;
}

/** GoMon as `npm start` starts it, on a separate database and Redis. */
export async function startTestStack(
  schedulers: number,
  probers: number,
  settings: Record<string, string> = {},
): Promise<RunningStack> {
  const [database, queue, windows] = await Promise.all([
    createTestDatabase(),
    createTestRedis(),
    createTestRedis(),
  ]);
  const dataDir = mkdtempSync(join(tmpdir(), 'gomon-e2e-'));
  const closeStores = async () => {
    await Promise.all([database.drop(), queue.close(), windows.close()]);
    rmSync(dataDir, { recursive: true, force: true });
  };
  const environment = {
    ...process.env,
    DATABASE_URL: database.url,
    QUEUE_REDIS_URL: queue.url,
    WINDOW_REDIS_URL: windows.url,
    API_DATABASE_PASSWORD: 'password of gomon_api',
    SCHEDULER_DATABASE_PASSWORD: 'password of gomon_scheduler',
    SHARD_COUNT: '4',
    API_PORT: String(await freePort()),
    MIN_INTERVAL_SECONDS: '1',
    RATE_LIMIT_PER_MINUTE: '100000',
    ADDRESS_RATE_LIMIT_PER_MINUTE: '100000',
    ...settings,
  };
  try {
    const stack = await startStack({
      dataDir,
      environment,
      counts: { schedulers, probers },
      onProgress: () => {},
    });
    return { ...stack, logDir: join(dataDir, 'logs'), close: () => stack.stop().then(closeStores) };
  } catch (error) {
    await closeStores();
    throw error;
  }
}
