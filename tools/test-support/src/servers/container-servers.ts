import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { REDIS_IMAGE } from './redis-command.ts';
import type { RunningServers } from './running-servers.ts';

const POSTGRES_IMAGE = 'postgres:18-bookworm';
const POSTGRES_SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=300',
];

process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true'; // Its reaper is an image more to pull; a run removes its containers itself.

/** The same servers as containers. */
export async function startContainerServers(): Promise<RunningServers> {
  const postgres = await startPostgres();
  const redis = await startRedis().catch(async (error: unknown) => {
    await postgres.stop();
    throw error;
  });
  return {
    postgresUrl: `postgresql://gomon:gomon@${addressOf(postgres, 5432)}/gomon`,
    redisUrl: `redis://${addressOf(redis, 6379)}/0`,
    stop: async () => {
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}

const addressOf = (container: StartedTestContainer, port: number) =>
  `${container.getHost()}:${container.getMappedPort(port)}`;

function startPostgres(): Promise<StartedTestContainer> {
  return new GenericContainer(POSTGRES_IMAGE)
    .withEnvironment({ POSTGRES_USER: 'gomon', POSTGRES_PASSWORD: 'gomon', POSTGRES_DB: 'gomon' })
    .withCommand(['postgres', ...POSTGRES_SETTINGS.flatMap((setting) => ['-c', setting])])
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .start();
}

function startRedis(): Promise<StartedTestContainer> {
  return new GenericContainer(REDIS_IMAGE)
    .withCommand([
      'redis-server',
      '--databases',
      '512',
      '--save',
      '',
      '--appendonly',
      'no',
      '--maxmemory-policy',
      'noeviction',
    ])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
    .start();
}
