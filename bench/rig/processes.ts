import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@gomon/test-support';
import { planApps, type AppName, type AppPlan } from '../../tools/local-stack/apps/app-plans.ts';
import { startApp, type AppProcess } from '../../tools/local-stack/apps/app-process.ts';
import type { Servers } from './servers.ts';

/** Some processes of one kind. */
export interface Processes {
  readonly pids: readonly number[];
  readonly metricsUrls: readonly string[];
  /** Of the first API. */
  readonly apiUrl: string;
  /** May be called twice. */
  stop(): Promise<void>;
}

const instantProber = fileURLToPath(new URL('../children/instant-prober.ts', import.meta.url));
const never = new AbortController().signal;

export interface StartOptions {
  readonly say: (line: string) => void;
  /** From the bundles, as the images have them: see `buildBundles`. */
  readonly bundled?: boolean | undefined;
}

/** Starts one process of the app for each environment, as `npm start` does, and resolves when they are ready. */
export async function startApps(
  servers: Servers,
  app: AppName,
  environments: readonly NodeJS.ProcessEnv[],
  { say, bundled = false }: StartOptions,
): Promise<Processes> {
  const plans = await Promise.all(
    environments.map((environment, index) => planApp(servers, app, environment, index + 1)),
  );
  const options = {
    bundled,
    logDir: join(servers.directory, 'logs'),
    terminalLevel: 'error',
    onProgress: say,
  };
  const apps: AppProcess[] = [];
  const stop = async () => {
    await Promise.all(apps.map((process) => process.stop(never)));
  };
  try {
    for (const plan of plans) apps.push(await startApp(plan, options));
    await Promise.all(apps.map((process) => process.ready(never)));
  } catch (error) {
    await stop();
    throw error;
  }
  const apiUrl = `http://127.0.0.1:${plans[0]?.environment['API_PORT'] ?? ''}`;
  return {
    pids: apps.map(({ pid }) => pid),
    metricsUrls: apps.map(({ metricsUrl }) => metricsUrl),
    apiUrl,
    stop,
  };
}

/** Makes those that are not there, or not of these sources. */
export async function buildBundles(): Promise<void> {
  const nx = fileURLToPath(new URL('../../node_modules/nx/dist/bin/nx.js', import.meta.url));
  await promisify(execFile)(process.execPath, [
    nx,
    'run-many',
    '--target=build',
    '--projects=api,scheduler,prober',
  ]);
}

async function planApp(
  servers: Servers,
  app: AppName,
  environment: NodeJS.ProcessEnv,
  number: number,
): Promise<AppPlan> {
  const [apiPort, metricsPort] = [await freePort(), await freePort()];
  const plan = planApps({
    environment: {
      ...process.env,
      MIN_INTERVAL_SECONDS: '1',
      RATE_LIMIT_PER_MINUTE: '1000000',
      ...environment,
    },
    connections: servers.connections,
    jwtSecret: servers.secrets.jwtSecret,
    secretsKey: servers.secrets.secretsKey,
    apiPort,
    metricsPorts: [metricsPort, metricsPort, metricsPort],
    counts: { schedulers: 1, probers: 1 },
  }).find((candidate) => candidate.app === app) as AppPlan;
  // The stack has its apps log whatever a terminal shows; here each line would be read by the process that measures.
  const { LOG_LEVEL = plan.environment['LOG_LEVEL'] } = environment;
  return { ...plan, environment: { ...plan.environment, LOG_LEVEL }, name: `${app}-${number}` };
}

/** Starts probers whose probes touch no network, and take up to `spreadMs`. */
export async function startInstantProbers(
  servers: Servers,
  count: number,
  spreadMs = 0,
): Promise<Processes> {
  const env = {
    ...process.env,
    QUEUE_REDIS_URL: servers.connections.queueRedisUrl,
    SPREAD_MS: String(spreadMs),
  };
  const children = Array.from({ length: count }, () => fork(instantProber, { env }));
  const stop = async () => {
    for (const child of children.filter(
      (candidate) => candidate.exitCode === null && candidate.signalCode === null,
    )) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  };
  try {
    await Promise.all(
      children.map((child) => Promise.race([once(child, 'message'), failed(once(child, 'exit'))])),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { pids: children.map((child) => child.pid as number), metricsUrls: [], apiUrl: '', stop };
}

async function failed(exit: Promise<unknown>): Promise<never> {
  await exit;
  throw new Error('an instant prober ended before it was ready');
}
