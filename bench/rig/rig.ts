import { setTimeout as delay } from 'node:timers/promises';
import type { AppName } from '../../tools/local-stack/apps/app-plans.ts';
import { readCounts, watchFlow, type Flow, type Watched } from './flow.ts';
import { startLoadTarget, type LoadTarget, type LoadTargetOptions } from './load-target.ts';
import { openLoad, type Load } from './load.ts';
import { startApps, startInstantProbers, type Processes } from './processes.ts';
import { startServers, type Servers } from './servers.ts';

export interface RigOptions {
  /** The interval of the monitors that make the rate; at most so long can a check wait for its probe. */
  readonly intervalSeconds: number;
  /** What each scheduler is started with; one with nothing special when left out. */
  readonly schedulers?: readonly NodeJS.ProcessEnv[];
  readonly windowCaches?: number;
  /** Starts the apps from their bundles, which have to be there. */
  readonly bundled?: boolean;
  readonly target?: Omit<LoadTargetOptions, 'directory'>;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** GoMon as `npm start` has it, without probers yet, and a target and monitors to put it under load. */
export interface Rig {
  readonly servers: Servers;
  readonly load: Load;
  readonly target: LoadTarget;
  readonly schedulers: Processes;
  start(app: AppName, count: number, environment?: NodeJS.ProcessEnv): Promise<Processes>;
  /** Starts probers whose probes touch no network, and take up to `spreadMs`. */
  startInstantProbers(count: number, spreadMs?: number): Promise<Processes>;
  /** From now on this many checks become due each second. */
  offer(checksPerSecond: number): Promise<void>;
  /** Counts what happens in the coming seconds, with these probers. */
  watch(probers: Processes, seconds: number): Promise<Flow>;
  /** Offers nothing, and waits until all that was dispatched is rows. */
  drain(): Promise<void>;
  pause(ms: number): Promise<void>;
  stop(): Promise<void>;
}

const DRAIN_TIMEOUT_MS = 120_000;

export async function startRig(options: RigOptions): Promise<Rig> {
  const { intervalSeconds, bundled, say, signal } = options;
  const parts: { stop(): Promise<unknown> }[] = [];
  const track = async <Part extends { stop(): Promise<unknown> }>(
    starting: Promise<Part>,
  ): Promise<Part> => {
    signal.throwIfAborted();
    const part = await starting;
    parts.push(part);
    return part;
  };
  const stop = async () => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    const servers = await track(startServers(options.windowCaches ?? 0, say));
    const load = await track(openLoad(servers.connections.databaseUrl));
    const target = await track(
      startLoadTarget({ ...options.target, directory: servers.directory }),
    );
    const schedulers = await track(
      startApps(servers, 'scheduler', options.schedulers ?? [{}], { say, bundled }),
    );
    const offer = (rate: number) => load.setRate(rate, { intervalSeconds, url: `${target.url}/` });
    const pause = (ms: number) => delay(ms, undefined, { signal });
    return {
      servers,
      load,
      target,
      schedulers,
      start: (app, count, environment = {}) =>
        track(
          startApps(servers, app, Array<NodeJS.ProcessEnv>(count).fill(environment), {
            say,
            bundled,
          }),
        ),
      startInstantProbers: (count, spreadMs) =>
        track(startInstantProbers(servers, count, spreadMs)),
      offer,
      watch: (probers, seconds) =>
        watchFlow(watched(servers, schedulers, probers, target), seconds, signal),
      drain: () => offer(0).then(() => untilIngested(schedulers, pause)),
      pause,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function watched(
  servers: Servers,
  schedulers: Processes,
  probers: Processes,
  target: LoadTarget,
): Watched {
  return {
    parts: {
      scheduler: schedulers,
      Redis: { pids: servers.redis.map(({ pid }) => pid) },
      PostgreSQL: { pids: [servers.postgres.pid], family: true },
      prober: probers,
      target: { pids: [target.pid] },
    },
    schedulers: schedulers.metricsUrls,
  };
}

async function untilIngested({ metricsUrls }: Processes, pause: Rig['pause']): Promise<void> {
  for (const deadline = performance.now() + DRAIN_TIMEOUT_MS; ; await pause(500)) {
    const { dispatched, ingested, repeated } = await readCounts(metricsUrls);
    if (ingested + repeated >= dispatched) return;
    if (performance.now() > deadline)
      throw new Error(`${dispatched - ingested - repeated} checks never became rows`);
  }
}
