import type { AppKind } from './app.ts';

export const SHARD_COUNT = 4;
export const MONITORS_PER_USER = 200;

export type ServerName = 'postgres' | 'queue' | 'windows';

/** Which servers an app speaks to. */
export const SERVERS_OF: Record<AppKind, readonly ServerName[]> = {
  api: ['postgres'],
  scheduler: ['postgres', 'queue', 'windows'],
  prober: ['queue'],
};

/** What an app is started with, given the ports at which it finds its servers. */
export function appEnvironment(
  kind: AppKind,
  ports: Partial<Record<ServerName, number>>,
  apiPort: number,
): NodeJS.ProcessEnv {
  const redis = (port = 0) => `redis://:chaos@127.0.0.1:${port}/0`;
  const DATABASE_URL = `postgresql://gomon:chaos@127.0.0.1:${ports.postgres ?? 0}/gomon`;
  const QUEUE_REDIS_URL = redis(ports.queue);
  const SECRETS_KEY = 'a key of the chaos run, 32 bytes or more';
  const NOTIFICATION_ALLOWED_NETWORKS = '127.0.0.1/32';
  const own: Record<AppKind, NodeJS.ProcessEnv> = {
    api: {
      DATABASE_URL,
      SECRETS_KEY,
      JWT_SECRET: 'a secret of the chaos run, 32 bytes or more',
      API_HOST: '127.0.0.1',
      API_PORT: String(apiPort),
      MIN_INTERVAL_SECONDS: '1',
      MAX_MONITORS_PER_USER: String(MONITORS_PER_USER),
      NOTIFICATION_ALLOWED_NETWORKS,
      PROBER_ALLOWED_NETWORKS: '127.0.0.0/8', // Wider than the prober's, so that forbidden targets get as far as that.
      RATE_LIMIT_PER_MINUTE: '1000000',
      ADDRESS_RATE_LIMIT_PER_MINUTE: '1000000',
    },
    scheduler: {
      DATABASE_URL,
      QUEUE_REDIS_URL,
      WINDOW_REDIS_URL: redis(ports.windows),
      SECRETS_KEY,
      NOTIFICATION_ALLOWED_NETWORKS,
    },
    prober: {
      QUEUE_REDIS_URL,
      SECRETS_KEY,
      PROBER_ALLOWED_NETWORKS: '127.0.0.1/32',
      PROBER_HOST_CONCURRENCY: '500',
    },
  };
  return { PATH: process.env['PATH'], LOG_LEVEL: 'info', ...own[kind] };
}
