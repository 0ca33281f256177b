import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { installWithApt, onPath } from '../packages.ts';
import type { OnProgress } from './server-process.ts';

export const REDIS_IMAGE = 'redis:7-bookworm';

const run = promisify(execFile);

/** The path of a Redis (or Valkey) server on this machine, installed with apt-get if need be; `docker` when only a container can do. */
export async function findRedis(onProgress: OnProgress): Promise<string> {
  const found = await findServer();
  if (found) return found;
  await installWithApt('redis-server', onProgress);
  const installed = await findServer();
  if (installed) return installed;
  if (await dockerAnswers()) return 'docker';
  throw new Error(
    'There is no Redis: install the package redis-server (or valkey), or start Docker, or set QUEUE_REDIS_URL',
  );
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

function findServer(): Promise<string | null> {
  return onPath('redis-server', 'valkey-server');
}
