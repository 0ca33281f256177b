import { join } from 'node:path';
import { startPostgres, startRedis, type OnProgress, type Server } from '@gomon/test-support';
import type { Connections } from './app-plans.ts';
import type { Secrets } from './secrets.ts';
import { checkPostgres, checkRedis } from './server-checks.ts';

export interface ServerOptions {
  dataDir: string;
  environment: NodeJS.ProcessEnv;
  secrets: Secrets;
  onProgress: OnProgress;
  onStarted: (name: string, server: Server) => void;
}

/** The servers that the environment names, once they answer; those that it does not name are started on the data directory. */
export async function connectServers(options: ServerOptions): Promise<Connections> {
  const databaseUrl = await postgresUrl(options);
  const queueRedisUrl = await redisUrl(options);
  return {
    databaseUrl,
    queueRedisUrl,
    windowRedisUrl: options.environment['WINDOW_REDIS_URL'] || withDatabase(queueRedisUrl, 1),
  };
}

async function postgresUrl({ dataDir, environment, secrets, onProgress, onStarted }: ServerOptions): Promise<string> {
  const given = environment['DATABASE_URL'];
  if (given) {
    await checkPostgres(given);
    return given;
  }
  onProgress('Starting PostgreSQL');
  const server = await startPostgres({
    ...places(dataDir, 'postgres'),
    password: secrets.postgresPassword,
    persistent: true,
    onProgress,
  });
  onStarted('PostgreSQL', server);
  return server.url;
}

async function redisUrl({ dataDir, environment, secrets, onProgress, onStarted }: ServerOptions): Promise<string> {
  const given = environment['QUEUE_REDIS_URL'];
  if (given) {
    await checkRedis(given);
    return given;
  }
  onProgress('Starting Redis');
  const server = await startRedis({ ...places(dataDir, 'redis'), password: secrets.redisPassword, persistent: true, onProgress });
  onStarted('Redis', server);
  return server.url;
}

const places = (dataDir: string, name: string) => ({
  dataDir: join(dataDir, name),
  logFile: join(dataDir, 'logs', `${name}.log`),
});

function withDatabase(redisUrl: string, database: number): string {
  const url = new URL(redisUrl);
  url.pathname = `/${database}`;
  return url.href;
}
