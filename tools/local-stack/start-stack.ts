import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { OnProgress } from '@gomon/test-support';
import { planApps, type AppCounts } from './apps/app-plans.ts';
import { startApp, type AppProcess } from './apps/app-process.ts';
import { claimDataDir } from './data-dir-claim.ts';
import { trackParts, type Parts } from './parts.ts';
import { apiPort, metricsPorts } from './ports.ts';
import { runMigration } from './apps/run-migration.ts';
import { loadSecrets } from './secrets.ts';
import { connectServers, rolePasswords } from './servers.ts';

export interface StackOptions {
  dataDir: string;
  /** DATABASE_URL and QUEUE_REDIS_URL name servers to use instead of own ones; the rest is passed on to the apps. */
  environment: NodeJS.ProcessEnv;
  counts?: AppCounts;
  onProgress: OnProgress;
  /** Gives up a start that is under way, and stops what was started. */
  signal?: AbortSignal;
}

export interface Stack {
  apiUrl: string;
  databaseUrl: string;
  queueRedisUrl: string;
  /** By the name of the process: `api`, `scheduler`, `scheduler-2` … */
  metricsUrls: Record<string, string>;
  processes: readonly AppProcess[];
  /** Resolves, with a report of some lines, when a process or server ends that was not asked to. */
  broken: Promise<string>;
  /** Stops the apps, then Redis, then PostgreSQL. `force` kills the apps at once. May be called twice. */
  stop(force?: AbortSignal): Promise<void>;
}

/** Starts GoMon as `npm start` does and resolves when it is ready; a failure stops what was started. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const claim = await claimDataDir(dataDir, options.onProgress);
  const parts = trackParts(() => claim.release());
  try {
    return await startParts({ ...options, dataDir }, claim.recordApps, parts);
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

async function startParts(
  options: StackOptions,
  recordApps: (apps: readonly AppProcess[]) => void,
  parts: Parts,
): Promise<Stack> {
  const {
    dataDir,
    environment,
    onProgress,
    counts = { schedulers: 1, probers: 1 },
    signal = new AbortController().signal,
  } = options;
  const port = await apiPort(environment);
  const secrets = loadSecrets(dataDir);
  const connections = await connectServers({
    dataDir,
    environment,
    secrets,
    onProgress,
    onStarted: parts.addServer,
  });
  signal.throwIfAborted();
  onProgress('Migrating the database');
  await runMigration(connections.databaseUrl, environment, rolePasswords({ environment, secrets }));
  signal.throwIfAborted();
  const plans = planApps({
    environment,
    connections,
    jwtSecret: environment['JWT_SECRET'] || secrets.jwtSecret,
    secretsKey: environment['SECRETS_KEY'] || secrets.secretsKey,
    apiPort: port,
    metricsPorts: await metricsPorts(port, 1 + counts.schedulers + counts.probers),
    counts,
  });
  onProgress(`Starting ${plans.map(({ name }) => name).join(', ')}`);
  const appOptions = {
    logDir: join(dataDir, 'logs'),
    terminalLevel: environment['LOG_LEVEL'] || 'warn',
    onProgress,
  };
  for (const plan of plans) {
    parts.addApp(await startApp(plan, appOptions));
    recordApps(parts.apps);
  }
  await Promise.all(parts.apps.map((app) => app.ready(signal)));
  return {
    apiUrl: `http://127.0.0.1:${port}`,
    databaseUrl: connections.databaseUrl,
    queueRedisUrl: connections.queueRedisUrl,
    metricsUrls: Object.fromEntries(parts.apps.map(({ name, metricsUrl }) => [name, metricsUrl])),
    processes: parts.apps,
    broken: parts.broken,
    stop: parts.stop,
  };
}
