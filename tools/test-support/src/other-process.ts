import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { OnProgress } from './servers/server-process.ts';

export interface Leftover {
  name: string;
  pid: number;
  /** What its command line has in it: the number may have gone to another process since, which is left alone. */
  mark: string;
  signal: NodeJS.Signals;
}

const END_TIMEOUT_MS = 20_000;

/** The command line of any process of this machine, null when there is no such process. */
export async function commandOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return commandByPs(pid);
  try {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return line.replaceAll('\0', ' ').trim() || null;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** Ends a process that is not our child, and kills it when it has not ended after 20 seconds. */
export async function endProcess(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  const deadline = Date.now() + END_TIMEOUT_MS;
  while ((await commandOf(pid)) !== null) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
    await delay(50);
  }
}

/** Ends a process that outlived the run which started it. */
export async function endLeftover(
  { name, pid, mark, signal }: Leftover,
  onProgress: OnProgress,
): Promise<void> {
  if (!(await commandOf(pid))?.includes(mark)) return;
  onProgress(`Stopping the ${name} that an earlier run left behind (process ${pid})`);
  await endProcess(pid, signal);
}

function commandByPs(pid: number): Promise<string | null> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'command=', '-p', String(pid)], (_error, stdout) =>
      resolve(stdout.trim() || null),
    ); // ps fails when there is none.
  });
}
