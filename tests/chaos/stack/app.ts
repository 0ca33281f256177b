import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export type AppKind = 'api' | 'scheduler' | 'prober';

/** How a process ended that was asked to, or that was not. */
export interface AppEnd {
  readonly name: string;
  readonly pid: number;
  /** `term`: it was asked to. `alone`: nobody asked. `start`: by itself before it had started, as when a server was away. */
  readonly cause: 'term' | 'alone' | 'start';
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the request to its end. */
  readonly seconds: number;
}

/** One of GoMon's processes. Like an orchestrator, it starts the process again when that ends by itself. */
export interface App {
  readonly name: string;
  readonly kind: AppKind;
  readonly metricsUrl: string;
  /** Null while it is down. */
  pid(): number | null;
  /** Whether it says that it has started. */
  hasStarted(): boolean;
  /** Does nothing while it runs. */
  start(): void;
  kill(): Promise<void>;
  /** Asks it to end and waits until it has, or kills it when it has not after half a minute. */
  terminate(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves when it answers that it is ready. */
  untilReady(signal: AbortSignal): Promise<void>;
}

export interface AppOptions {
  readonly name: string;
  readonly kind: AppKind;
  readonly tree: string;
  readonly logFile: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly metricsPort: number;
  readonly onEnd: (end: AppEnd) => void;
}

const TERM_DEADLINE_MS = 32_000; // An orchestrator kills at 30 seconds; the rest is the machine's.
const RESTART_MS = 500;

export function createApp(options: AppOptions): App {
  const { name, kind, metricsPort } = options;
  const url = `http://127.0.0.1:${metricsPort}`;
  let child: ChildProcess | null = null;
  let wanted = false;
  let asked: { at: number; resolve: () => void } | null = null;

  function start(): void {
    wanted = true;
    if (child) return;
    const started = spawnApp(options);
    child = started;
    started.once('exit', (code, signal) => void onExit(started, code, signal));
  }

  const saysStarted = ({ pid }: ChildProcess) =>
    readFileSync(options.logFile, 'utf8')
      .split('\n')
      .some((line) => line.includes(`"pid":${pid},`) && line.includes('"msg":"started"'));

  async function onExit(ended: ChildProcess, code: number | null, signal: NodeJS.Signals | null) {
    child = null;
    const pid = ended.pid ?? 0;
    const seconds = asked ? (performance.now() - asked.at) / 1000 : 0;
    if (asked) options.onEnd({ name, pid, cause: 'term', code, signal, seconds });
    else if (wanted)
      options.onEnd({
        name,
        pid,
        cause: saysStarted(ended) ? 'alone' : 'start',
        code,
        signal,
        seconds,
      });
    asked?.resolve();
    asked = null;
    if (!wanted) return;
    await delay(RESTART_MS);
    if (wanted) start();
  }

  return {
    name,
    kind,
    metricsUrl: `${url}/metrics`,
    pid: () => child?.pid ?? null,
    hasStarted: () => child !== null && saysStarted(child),
    start,
    kill: async () => {
      wanted = false;
      if (!child) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    terminate: async () => {
      wanted = false;
      const present = child;
      if (!present) return;
      const ended = new Promise<void>((resolve) => (asked = { at: performance.now(), resolve }));
      present.kill('SIGTERM');
      const killer = setTimeout(() => present.kill('SIGKILL'), TERM_DEADLINE_MS);
      await ended;
      clearTimeout(killer);
    },
    signal: (signal) => void child?.kill(signal),
    untilReady: (signal) => untilAnswers(`${url}/readyz`, signal),
  };
}

function spawnApp({ kind, tree, logFile, environment, metricsPort }: AppOptions): ChildProcess {
  const log = openSync(logFile, 'a');
  const started = spawn(process.execPath, [join(tree, 'apps', kind, 'src/main.ts')], {
    cwd: tree,
    env: { ...environment, METRICS_HOST: '127.0.0.1', METRICS_PORT: String(metricsPort) },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return started;
}

async function untilAnswers(url: string, signal: AbortSignal): Promise<void> {
  while (!(await answers(url))) {
    signal.throwIfAborted();
    await delay(100);
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(3000) }).then(
    (response) => response.ok,
    () => false,
  );
}
