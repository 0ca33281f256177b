import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, startRedis, type Server } from '@gomon/test-support';
import type { Connections } from '../../tools/local-stack/apps/app-plans.ts';
import { runMigration } from '../../tools/local-stack/apps/run-migration.ts';
import { loadSecrets, type Secrets } from '../../tools/local-stack/secrets.ts';

/** PostgreSQL and Redis of a benchmark's own, which keep what they are given as `npm start`'s do. */
export interface Servers {
  /** Also for files of the benchmark; removed by `stop`. */
  readonly directory: string;
  readonly connections: Connections;
  readonly secrets: Secrets;
  readonly postgres: Server;
  /** The queue's, then the window caches'. */
  readonly redis: readonly Server[];
  stop(): Promise<void>;
}

/** Without separate window caches, windows are in another database of the queue's Redis. */
export async function startServers(
  windowCaches: number,
  say: (line: string) => void,
): Promise<Servers> {
  const directory = mkdtempSync(join(tmpdir(), 'gomon-bench-'));
  mkdirSync(join(directory, 'logs'));
  const secrets = loadSecrets(directory);
  const started: Server[] = [];
  const stop = async () => {
    for (const server of started.splice(0).reverse()) await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  const options = (name: string, password: string) => ({
    dataDir: join(directory, name),
    logFile: join(directory, 'logs', `${name}.log`),
    password,
    persistent: true,
    onProgress: say,
  });
  const start = async (server: Promise<Server>): Promise<Server> => {
    started.push(await server);
    return server;
  };
  try {
    const postgres = await start(startPostgres(options('postgres', secrets.postgresPassword)));
    const queue = await start(startRedis(options('queue', secrets.redisPassword)));
    const windows: Server[] = [];
    for (let n = 0; n < windowCaches; n++)
      windows.push(await start(startRedis(options(`window-${n}`, secrets.redisPassword))));
    await runMigration(postgres.url, process.env);
    const windowRedisUrl =
      windows.length > 0 ? windows.map(({ url }) => url).join() : queue.url.replace(/\/0$/, '/1');
    const connections = { databaseUrl: postgres.url, queueRedisUrl: queue.url, windowRedisUrl };
    return { directory, connections, secrets, postgres, redis: [queue, ...windows], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
