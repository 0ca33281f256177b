import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs one of the repository's own programs with Node and returns how it ended. */
export function run(
  args: readonly string[],
  { cwd = root, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const environment = {
    ...process.env,
    NX_DAEMON: 'false',
    NX_TASKS_RUNNER_DYNAMIC_OUTPUT: 'false',
    FORCE_COLOR: '0',
    ...env,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd, env: environment, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, output: stdout + stderr });
      },
    );
  });
}

export const nx = (args: readonly string[], options?: { cwd?: string }): Promise<Ended> =>
  run([join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], options);
