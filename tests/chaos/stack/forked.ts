import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A process of the run itself, which no fault touches and whose log is evidence. */
export interface Forked<Said> {
  readonly child: ChildProcess;
  /** What it said once it was ready. */
  readonly said: Said;
  stop(): Promise<void>;
}

/** Starts `module` with the file of its log; resolves with what it says first. */
export async function startForked<Said>(module: URL, logFile: string): Promise<Forked<Said>> {
  const child = fork(fileURLToPath(module), [logFile], { detached: true });
  const failed = once(child, 'exit').then(() =>
    Promise.reject(new Error(`${module.pathname} did not start`)),
  );
  const [said] = (await Promise.race([once(child, 'message'), failed])) as [Said];
  failed.catch(() => undefined); // From here on its end is wanted.
  return {
    child,
    said,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** The lines of a log that is written as JSON, one object a line. */
export function readLines<Line>(logFile: string): Line[] {
  const text = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}
