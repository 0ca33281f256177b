import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { OnProgress } from './servers/server-process.ts';

const run = promisify(execFile);

/** The path of the first of these commands that this machine has. */
export async function onPath(...names: string[]): Promise<string | null> {
  for (const name of names) {
    for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
      const path = join(directory, name);
      const executable = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (executable) return path;
    }
  }
  return null;
}

/** Does nothing where we may not install; says why when it fails. */
export async function installWithApt(packageName: string, onProgress: OnProgress): Promise<void> {
  if (process.getuid?.() !== 0 || !(await onPath('apt-get'))) return;
  onProgress(`Installing ${packageName} with apt-get`);
  const apt = (...args: string[]) =>
    run('apt-get', ['-qq', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    await apt('update');
    await apt('install', '--yes', '--no-install-recommends', packageName);
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    onProgress(
      `apt-get could not install it: ${(stderr ?? String(error)).trim().split('\n').at(-1)}`,
    );
  }
}
