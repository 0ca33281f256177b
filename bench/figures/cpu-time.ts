import { readFileSync, readdirSync } from 'node:fs';

const MICROSECONDS_PER_TICK = 10_000; // Linux counts in hundredths of a second, on every architecture that Node runs on.

const MOST_TRIES = 100;

/** CPU time in µs, of user and kernel, that the process has used; with `family`, that all its descendants, living and ended, have, too. */
export function cpuTime(pid: number, { family = false } = {}): number {
  if (!family) return readTimes(pid).used * MICROSECONDS_PER_TICK;
  // What a child has used becomes what ended ones have when it ends: if one did meanwhile, all are asked again.
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { used, usedByEnded } = readTimes(pid);
    const children = childrenOf(pid).reduce(
      (sum, child) => sum + (unlessEnded(() => cpuTime(child, { family })) ?? 0),
      0,
    );
    if (readTimes(pid).usedByEnded === usedByEnded)
      return (used + usedByEnded) * MICROSECONDS_PER_TICK + children;
  }
  throw new Error(`the children of process ${pid} come and go too fast to be counted`);
}

function unlessEnded<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}

/** Resident memory in MB. */
export function residentMemory(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1024;
}

function readTimes(pid: number): { used: number; usedByEnded: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [utime = 0, stime = 0, childUtime = 0, childStime = 0] = fields.slice(11, 15);
  return { used: utime + stime, usedByEnded: childUtime + childStime };
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
    return children === '' ? [] : children.split(' ').map(Number);
  });
}
