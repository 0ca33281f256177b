import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { OnProgress } from './server-process.ts';

export const REDIS_IMAGE = 'redis:7-bookworm';

const run = promisify(execFile);

/** The path of a Redis (or Valkey) server on this machine, installed with apt-get if need be; `docker` when only a container can do. */
export async function findRedis(onProgress: OnProgress): Promise<string> {
  const found = await findServer();
  if (found) return found;
  if (process.getuid?.() === 0 && (await onPath('apt-get'))) await installWithApt(onProgress);
  const installed = await findServer();
  if (installed) return installed;
  if (await dockerAnswers()) return 'docker';
  throw new Error('There is no Redis: install the package redis-server (or valkey), or start Docker, or set QUEUE_REDIS_URL');
}

/** Whether a Docker engine answers, wherever the docker command finds it. */
export async function dockerAnswers(): Promise<boolean> {
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 10_000 });
    return true;
  } catch {
    return false; // Any reason for which the command fails means that no container can be started.
  }
}

async function findServer(): Promise<string | null> {
  return (await onPath('redis-server')) ?? (await onPath('valkey-server'));
}

async function onPath(name: string): Promise<string | null> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, name);
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return path;
  }
  return null;
}

async function installWithApt(onProgress: OnProgress): Promise<void> {
  onProgress('There is no Redis: installing redis-server with apt-get');
  const apt = (...args: string[]) =>
    run('apt-get', ['-qq', ...args], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  try {
    await apt('update');
    await apt('install', '--yes', '--no-install-recommends', 'redis-server');
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    onProgress(`apt-get could not install it: ${(stderr ?? String(error)).trim().split('\n').at(-1)}`);
  }
}
