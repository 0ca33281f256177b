import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../free-port.ts';
import { endLeftover } from '../other-process.ts';
import { findRedis, REDIS_IMAGE } from './redis-command.ts';
import { spawnServer, untilReady, type OnProgress, type Server } from './server-process.ts';
import { launchAs, serverUser, type Launch } from './server-user.ts';

export interface RedisOptions {
  /** Where its append-only file lives; made when it is missing. */
  dataDir: string;
  logFile: string;
  password: string;
  /** Further users, as its configuration file has them. */
  users?: readonly string[];
  /** False for tests: nothing is written to the disk, and `stop` deletes the directory. */
  persistent: boolean;
  onProgress: OnProgress;
}

const DATABASES = 512;

/** Redis on a free loopback port: from the PATH, else installed with apt-get as root, else as a container. */
export async function startRedis(options: RedisOptions): Promise<Server> {
  const user = await serverUser();
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  if (user) chownSync(options.dataDir, user.uid, user.gid);
  await stopLeftoverRedis(options.dataDir, options.onProgress);
  const path = await findRedis(options.onProgress);
  const port = await freePort();
  const url = urlOf(port, options.password);
  const launch =
    path === 'docker'
      ? inContainer(options.dataDir, port)
      : launchAs(user, { command: path, args: ['-'] });
  const input =
    path === 'docker'
      ? configure(options, '/data', '0.0.0.0', 6379)
      : configure(options, options.dataDir, '127.0.0.1', port);
  const server = await spawnServer('Redis', launch, { logFile: options.logFile, input });
  writeFileSync(pidFile(options.dataDir), `${server.pid} 127.0.0.1:${port}`);
  const stop = async () => {
    await server.stop('SIGTERM');
    rmSync(options.persistent ? pidFile(options.dataDir) : options.dataDir, {
      recursive: true,
      force: true,
    });
  };
  try {
    await untilReady(server, () => pingRedis(url));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: server.pid, exited: server.exited, stop };
}

const urlOf = (port: number, password: string) => `redis://:${password}@127.0.0.1:${port}/0`;
const pidFile = (dataDir: string) => join(dataDir, 'server.pid');

/** The configuration goes through standard input, so that the password is in no file and no process list. */
function configure(
  { password, users = [], persistent }: RedisOptions,
  directory: string,
  host: string,
  port: number,
): string {
  const persistence = persistent ? ['appendonly yes', 'appendfsync everysec'] : ['appendonly no'];
  return [
    `bind ${host}`,
    `port ${port}`,
    `requirepass ${password}`,
    ...users.map((user) => `user ${user}`),
    `dir ${JSON.stringify(directory)}`,
    `databases ${DATABASES}`,
    'save ""',
    'maxmemory-policy noeviction',
    ...persistence,
    '',
  ].join('\n');
}

/** The docker command stays in the foreground and hands our signals on to the server. */
function inContainer(dataDir: string, port: number): Launch {
  const { uid, gid } = statSync(dataDir);
  const args = [
    'run',
    '--rm',
    '--interactive',
    '--user',
    `${uid}:${gid}`,
    '--publish',
    `127.0.0.1:${port}:6379`,
    '--volume',
    `${dataDir}:/data`,
  ];
  return { command: 'docker', args: [...args, REDIS_IMAGE, 'redis-server', '-'] };
}

/** Stops the server, or the container, that a killed run left behind. */
export async function stopLeftoverRedis(dataDir: string, onProgress: OnProgress): Promise<void> {
  const file = pidFile(dataDir);
  if (!existsSync(file)) return;
  const [pid, address] = readFileSync(file, 'utf8').split(' ');
  await endLeftover(
    { name: 'Redis', pid: Number(pid), mark: String(address), signal: 'SIGTERM' },
    onProgress,
  );
}

/** Rejects when no Redis answers at this address. */
export async function pingRedis(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 5000,
    commandTimeout: 5000,
    maxRetriesPerRequest: 0,
    disconnectTimeout: 100,
  });
  let reason: Error | undefined;
  redis.on('error', (error: Error) => (reason = error)); // What rejects says only that the connection is closed.
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}
