import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startRedis, type Server } from '@gomon/test-support';
import { Redis } from 'ioredis';

/** A Redis as the faults treat it: it may be stopped in any way and is started again on the same data. */
export interface RedisServer {
  port(): number;
  /** Not through any link; the address changes with each start. */
  url(): string;
  run<Answer>(use: (redis: Redis) => Promise<Answer>): Promise<Answer>;
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Keeps what is on the disk at this moment. */
  remember(): void;
  /** Puts it back; the server has to be stopped. */
  forget(): void;
}

export async function startRedisServer(
  name: string,
  directory: string,
  logDir: string,
): Promise<RedisServer> {
  const dataDir = join(directory, name);
  const remembered = join(directory, `${name}.remembered`);
  const log = join(dataDir, 'appendonlydir');
  const open = () =>
    startRedis({
      dataDir,
      logFile: join(logDir, `${name}.log`),
      password: 'chaos',
      persistent: true,
      onProgress: () => undefined,
    });
  let server: Server | null = await open();
  let lastUrl = server.url;
  const thaw = () => {
    if (server) process.kill(server.pid, 'SIGCONT');
  };
  return {
    port: () => Number(new URL(lastUrl).port),
    url: () => lastUrl,
    run: (use) => runOnce(lastUrl, use),
    stop: async (signal) => {
      if (!server) return;
      thaw();
      const { pid, exited } = server;
      server = null;
      process.kill(pid, signal);
      await exited;
    },
    start: async () => {
      server ??= await open();
      lastUrl = server.url;
    },
    freeze: () => {
      if (server) process.kill(server.pid, 'SIGSTOP');
    },
    thaw,
    remember: () => {
      rmSync(remembered, { recursive: true, force: true });
      cpSync(log, remembered, { recursive: true });
    },
    forget: () => {
      if (!existsSync(remembered)) return;
      rmSync(log, { recursive: true });
      cpSync(remembered, log, { recursive: true });
    },
  };
}

async function runOnce<Answer>(
  url: string,
  use: (redis: Redis) => Promise<Answer>,
): Promise<Answer> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 3000,
    commandTimeout: 5000,
  });
  redis.on('error', () => undefined); // What is under way rejects.
  try {
    await redis.connect();
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
