import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf } from '../other-process.ts';
import { startPostgres, stopLeftoverPostgres } from './postgres-server.ts';
import { startRedis, stopLeftoverRedis } from './redis-server.ts';
import type { OnProgress } from './server-process.ts';
import type { RunningServers } from './running-servers.ts';

const PREFIX = 'gomon-test-';

/** The servers as processes of this machine, on a temporary directory. */
export async function startEmbeddedServers(onProgress: OnProgress): Promise<RunningServers> {
  await removeAbandonedServers(onProgress);
  const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const options = (name: string) => ({
    dataDir: join(directory, name),
    logFile: join(directory, `${name}.log`),
    password: randomBytes(16).toString('hex'),
    persistent: false,
    onProgress,
  });
  const postgres = await startPostgres(options('postgres'));
  try {
    const redis = await startRedis(options('redis'));
    const stop = async () => {
      await Promise.all([redis.stop(), postgres.stop()]);
      rmSync(directory, { recursive: true, force: true });
    };
    return { postgresUrl: postgres.url, redisUrl: redis.url, stop };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** A run that was killed leaves its servers behind; the directory's name says which process they belonged to. */
async function removeAbandonedServers(onProgress: OnProgress): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const directory = join(tmpdir(), name);
    const owner = Number.parseInt(name.slice(PREFIX.length), 10);
    if (statSync(directory).uid !== process.getuid?.() || (await commandOf(owner)) !== null)
      continue;
    await stopLeftoverPostgres(join(directory, 'postgres'), onProgress);
    await stopLeftoverRedis(join(directory, 'redis'), onProgress);
    rmSync(directory, { recursive: true, force: true });
  }
}
