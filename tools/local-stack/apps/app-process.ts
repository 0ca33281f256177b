import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { OnProgress } from '@gomon/test-support';
import type { AppPlan } from './app-plans.ts';
import { keepLog } from './app-log.ts';

export interface AppProcess {
  name: string;
  pid: number;
  entry: string;
  metricsUrl: string;
  /** Resolves when it has ended, with how, and the last lines of its log. */
  ended: Promise<string>;
  /** Resolves when its `/readyz` answers 200; rejects when it ends before that, or after a minute. */
  ready(signal: AbortSignal): Promise<void>;
  /** Asks it to end, waits for 30 seconds, then kills it; `force` kills at once. May be called twice. */
  stop(force: AbortSignal): Promise<void>;
}

export interface AppOptions {
  /** From its bundle, which has to be there, instead of its sources. */
  bundled?: boolean;
  logDir: string;
  terminalLevel: string;
  onProgress: OnProgress;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
/**
 * As the images have them. What a tick of thousands of checks makes would outgrow a small young generation, whose leftovers then cost the
 * scheduler a third of its time. What an API or a scheduler keeps hardly changes: their heaps need not grow to more than twice that before
 * they are looked through.
 */
const V8_FLAGS = {
  api: ['--max-semi-space-size=8', '--heap-growing-percent=40'],
  scheduler: ['--max-semi-space-size=16', '--heap-growing-percent=40'],
  prober: ['--max-semi-space-size=4'],
};
/**
 * As the images have it: threads that share their memory pools leave less of it unused; and large blocks, as the 19 MiB that hashing a
 * password takes, are given back at once, where malloc, of itself, would keep blocks of a size that was freed before.
 */
const MALLOC = {
  api: { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '1048576' },
  scheduler: { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '1048576' },
  prober: { MALLOC_ARENA_MAX: '2' },
};
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/**
 * Runs in a separate process group: a terminal's Ctrl-C reaches the stack, which then stops its
 * parts in order.
 */
export async function startApp(
  plan: AppPlan,
  { bundled = false, logDir, terminalLevel, onProgress }: AppOptions,
): Promise<AppProcess> {
  const entry = join(root, 'apps', plan.app, bundled ? 'dist/main.js' : 'src/main.ts');
  const child = spawn(process.execPath, [...V8_FLAGS[plan.app], entry], {
    cwd: root,
    env: { ...MALLOC[plan.app], ...plan.environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const show = (line: string) => onProgress(`${plan.name}: ${line}`);
  const log = keepLog([child.stdout, child.stderr], {
    file: join(logDir, `${plan.name}.log`),
    terminalLevel,
    show,
  });
  await once(child, 'spawn');
  const ended = Promise.all([once(child, 'close'), log.complete]).then(() =>
    [`${plan.name} ${describeEnd(child)}; its last lines:`, ...log.lastLines()].join('\n  '),
  );
  return {
    name: plan.name,
    pid: child.pid as number,
    entry,
    metricsUrl: `http://127.0.0.1:${plan.metricsPort}/metrics`,
    ended,
    ready: (signal) => untilReady(plan, ended, signal),
    stop: async (force) => {
      if (hasEnded(child)) return;
      child.kill('SIGTERM');
      const kill = () => child.kill('SIGKILL');
      force.addEventListener('abort', kill);
      const deadline = setTimeout(() => {
        show('did not stop within 30 seconds and was killed');
        kill();
      }, STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(deadline);
      force.removeEventListener('abort', kill);
    },
  };
}

async function untilReady(
  plan: AppPlan,
  ended: Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  const failed = ended.then((report) => Promise.reject(new Error(report)));
  while (!(await Promise.race([answersReady(plan.readyUrl), failed]))) {
    signal.throwIfAborted();
    if (Date.now() > deadline) throw new Error(`${plan.name} is not ready after 60 seconds`);
    await delay(100);
  }
}

function answersReady(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(5000) }).then(
    (response) => response.ok,
    () => false,
  );
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

const describeEnd = (child: ChildProcess) =>
  child.signalCode ? `was ended by ${child.signalCode}` : `ended with code ${child.exitCode}`;
