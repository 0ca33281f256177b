import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Launch } from './server-user.ts';

export type OnProgress = (line: string) => void;

/** A running server: where it is, when it ended by itself, and how to end it. `stop` may be called twice. */
export interface Server {
  url: string;
  pid: number;
  exited: Promise<void>;
  stop(): Promise<void>;
}

export interface ServerProcess {
  name: string;
  pid: number;
  exited: Promise<void>;
  hasExited(): boolean;
  /** Asks with the signal, and kills what has not ended after 20 seconds. */
  stop(signal: NodeJS.Signals): Promise<void>;
  lastLogLines(count: number): string[];
}

const STOP_TIMEOUT_MS = 20_000;
const READY_TIMEOUT_MS = 120_000;

/**
 * Starts a server in a separate process group, so that a terminal's Ctrl-C does not reach it before
 * its clients have ended.
 */
export async function spawnServer(
  name: string,
  launch: Launch,
  options: { logFile: string; input?: string },
): Promise<ServerProcess> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a', 0o600);
  const logStart = statSync(options.logFile).size;
  const env = { ...process.env, LC_ALL: 'C' };
  const child = spawn(launch.command, launch.args, {
    detached: true,
    stdio: ['pipe', log, log],
    env,
  });
  closeSync(log);
  await once(child, 'spawn');
  const exited = once(child, 'exit').then(() => undefined);
  child.stdin?.on('error', () => undefined); // A server that ends before it has read its input is noticed by its end.
  child.stdin?.end(options.input ?? '');
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  return {
    name,
    pid: child.pid as number,
    exited,
    hasExited,
    stop: async (signal) => {
      if (hasExited()) return;
      child.kill(signal);
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(killer);
    },
    lastLogLines: (count) =>
      readFileSync(options.logFile)
        .subarray(logStart)
        .toString()
        .trimEnd()
        .split('\n')
        .slice(-count),
  };
}

/** Repeats `attempt` until it succeeds; throws the server's own last words when it ends before that. */
export async function untilReady(
  server: ServerProcess,
  attempt: () => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    if (server.hasExited()) throw new Error(`${server.name} did not start: ${lastWords(server)}`);
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`${server.name} does not answer`, { cause: error });
    }
    await delay(50);
  }
}

/** The last line of its log, without the time and the process number in front. */
function lastWords(server: ServerProcess): string {
  return server
    .lastLogLines(1)
    .join('')
    .replace(/^.*?(?=FATAL|DETAIL|HINT|# )/, '');
}
