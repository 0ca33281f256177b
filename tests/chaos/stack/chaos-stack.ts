import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { freePort } from '@gomon/test-support';
import { startReceivers, type Receivers } from '../receivers/receivers.ts';
import { startTarget, type LoggedTarget } from '../target/target-log.ts';
import { createApp, type App, type AppEnd, type AppKind } from './app.ts';
import { appEnvironment, SERVERS_OF, SHARD_COUNT, type ServerName } from './app-environment.ts';
import { startDatabase, type Database } from './database.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { startLink, type Link } from './link.ts';
import { startRedisServer, type RedisServer } from './redis.ts';
import { TIME_SCALE } from './time-scale.ts';
import { applyPatch, copyTree } from './tree.ts';

export interface ChaosStack {
  readonly directory: string;
  readonly database: Database;
  readonly queue: RedisServer;
  readonly windows: RedisServer;
  readonly target: LoggedTarget;
  readonly receivers: Receivers;
  /** By name: `api-1`, `scheduler-3` … */
  readonly apps: ReadonlyMap<string, App>;
  /** By name: `scheduler-1>postgres` … */
  readonly links: ReadonlyMap<string, Link>;
  /** Of the processes that have a separate one. */
  readonly clocks: ReadonlyMap<string, FakeClock>;
  readonly apiUrls: readonly string[];
  /** Kills whatever runs. May be called twice. */
  close(): Promise<void>;
}

export interface StackOptions {
  readonly directory: string;
  readonly patch?: string | undefined;
  /** Statements that are run after the migration. */
  readonly sql: readonly string[];
  readonly fakeClocks: boolean;
  readonly onEnd: (end: AppEnd) => void;
  readonly onQueueRequest: (app: string, request: Buffer) => void;
}

export const APP_NAMES = ['api-1', 'api-2', ...numbered('scheduler', 3), ...numbered('prober', 3)];
export const CLOCK_NAMES = ['scheduler-3', 'prober-3'];
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Starts everything and resolves when every process is ready; a failure stops what was started. */
export async function startChaosStack(
  options: StackOptions,
  signal: AbortSignal,
): Promise<ChaosStack> {
  const opened: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of opened.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await startParts(options, signal, (end) => opened.push(end))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type OnOpened = (close: () => Promise<void>) => void;
type Servers = Pick<ChaosStack, 'database' | 'queue' | 'windows' | 'target' | 'receivers'>;
type Processes = Pick<ChaosStack, 'apps' | 'links' | 'clocks' | 'apiUrls'>;

async function startParts(
  options: StackOptions,
  signal: AbortSignal,
  onOpened: OnOpened,
): Promise<Omit<ChaosStack, 'close'>> {
  const { directory } = options;
  const tree = join(directory, 'tree');
  mkdirSync(join(directory, 'logs'), { recursive: true });
  copyTree(root, tree, TIME_SCALE);
  if (options.patch) applyPatch(tree, options.patch);
  const servers = await startServers(directory, onOpened);
  const { database } = servers;
  const environment = {
    PATH: process.env['PATH'],
    DATABASE_URL: database.url(),
    SHARD_COUNT: String(SHARD_COUNT),
  };
  await promisify(execFile)(process.execPath, [join(tree, 'apps/admin/src/main.ts'), 'migrate'], {
    env: environment,
  });
  for (const statement of options.sql) await database.query(statement);
  signal.throwIfAborted();
  const processes = await startApps(servers, { ...options, tree }, onOpened);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(60_000)]);
  await Promise.all([...processes.apps.values()].map((app) => app.untilReady(patience)));
  return { directory, ...servers, ...processes };
}

async function startServers(directory: string, onOpened: OnOpened): Promise<Servers> {
  const logDir = join(directory, 'logs');
  const database = await startDatabase(directory, logDir);
  onOpened(() => database.stop('SIGINT'));
  const queue = await startRedisServer('queue', directory, logDir);
  onOpened(() => queue.stop('SIGKILL'));
  const windows = await startRedisServer('windows', directory, logDir);
  onOpened(() => windows.stop('SIGKILL'));
  const target = await startTarget(join(logDir, 'target.jsonl'));
  onOpened(() => target.stop());
  const receivers = await startReceivers(join(logDir, 'receivers.jsonl'));
  onOpened(() => receivers.stop());
  return { database, queue, windows, target, receivers };
}

type AppsOptions = Pick<StackOptions, 'directory' | 'fakeClocks' | 'onEnd' | 'onQueueRequest'> & {
  readonly tree: string;
};

async function startApps(
  { database, queue, windows }: Servers,
  options: AppsOptions,
  onOpened: OnOpened,
): Promise<Processes> {
  const { directory, tree, fakeClocks, onEnd, onQueueRequest } = options;
  const links = new Map<string, Link>();
  const clocks = new Map<string, FakeClock>();
  const apps = new Map<string, App>();
  const apiUrls: string[] = [];
  const ports: Record<ServerName, () => number> = {
    postgres: () => database.port(),
    queue: () => queue.port(),
    windows: () => windows.port(),
  };
  for (const name of APP_NAMES) {
    const kind = name.split('-')[0] as AppKind;
    const linkPorts: Partial<Record<ServerName, number>> = {};
    for (const server of SERVERS_OF[kind]) {
      const onRequest =
        server === 'queue' ? (request: Buffer) => onQueueRequest(name, request) : undefined;
      const link = await startLink({ upstream: ports[server], ...(onRequest && { onRequest }) });
      onOpened(() => link.close());
      links.set(`${name}>${server}`, link);
      linkPorts[server] = link.port;
    }
    if (fakeClocks && CLOCK_NAMES.includes(name))
      clocks.set(name, createFakeClock(join(directory, `${name}.clock`)));
    const [apiPort, metricsPort] = [await freePort(), await freePort()];
    if (kind === 'api') apiUrls.push(`http://127.0.0.1:${apiPort}`);
    const app = createApp({
      name,
      kind,
      tree,
      logFile: join(directory, 'logs', `${name}.log`),
      environment: {
        ...appEnvironment(kind, linkPorts, apiPort),
        ...clocks.get(name)?.environment,
      },
      metricsPort,
      onEnd,
    });
    apps.set(name, app);
    onOpened(() => app.kill());
    app.start();
  }
  return { apps, links, clocks, apiUrls };
}

function numbered(kind: AppKind, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${kind}-${i + 1}`);
}
