import { join } from 'node:path';
import { startPostgres, startRedis, type OnProgress, type Server } from '@gomon/test-support';
import type { Connections } from './apps/app-plans.ts';
import { PROBER_PERMISSIONS, PROBER_USER } from '@gomon/queue-contracts';
import { ROLES } from '@gomon/persistence';
import type { Secrets } from './secrets.ts';
import type { RolePasswords } from './apps/run-migration.ts';
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
  const { API_DATABASE_PASSWORD: api, SCHEDULER_DATABASE_PASSWORD: scheduler } =
    rolePasswords(options);
  const ownRedis = !options.environment['QUEUE_REDIS_URL'];
  return {
    databaseUrl,
    queueRedisUrl,
    windowRedisUrl: options.environment['WINDOW_REDIS_URL'] || withDatabase(queueRedisUrl, 1),
    ...(api && { ofApi: { databaseUrl: withUser(databaseUrl, ROLES.api, api) } }),
    ...(scheduler && {
      ofScheduler: { databaseUrl: withUser(databaseUrl, ROLES.scheduler, scheduler) },
    }),
    ...(ownRedis && {
      ofProber: {
        queueRedisUrl: withUser(queueRedisUrl, PROBER_USER, options.secrets.proberRedisPassword),
      },
    }),
  };
}

/** On our own server the apps have separate roles; on another one, when their passwords are given. */
export function rolePasswords({
  environment,
  secrets,
}: Pick<ServerOptions, 'environment' | 'secrets'>): RolePasswords {
  if (environment['DATABASE_URL']) return environment;
  return {
    API_DATABASE_PASSWORD: secrets.apiDatabasePassword,
    SCHEDULER_DATABASE_PASSWORD: secrets.schedulerDatabasePassword,
  };
}

async function postgresUrl({
  dataDir,
  environment,
  secrets,
  onProgress,
  onStarted,
}: ServerOptions): Promise<string> {
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

async function redisUrl({
  dataDir,
  environment,
  secrets,
  onProgress,
  onStarted,
}: ServerOptions): Promise<string> {
  const given = environment['QUEUE_REDIS_URL'];
  if (given) {
    await checkRedis(given);
    return given;
  }
  onProgress('Starting Redis');
  const server = await startRedis({
    ...places(dataDir, 'redis'),
    password: secrets.redisPassword,
    users: [`${PROBER_USER} on >${secrets.proberRedisPassword} ${PROBER_PERMISSIONS.join(' ')}`],
    persistent: true,
    onProgress,
  });
  onStarted('Redis', server);
  return server.url;
}

const places = (dataDir: string, name: string) => ({
  dataDir: join(dataDir, name),
  logFile: join(dataDir, 'logs', `${name}.log`),
});

function withUser(url: string, username: string, password: string): string {
  return Object.assign(new URL(url), { username, password: encodeURIComponent(password) }).href;
}

function withDatabase(redisUrl: string, database: number): string {
  const url = new URL(redisUrl);
  url.pathname = `/${database}`;
  return url.href;
}
