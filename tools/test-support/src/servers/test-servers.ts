import { startEmbeddedServers } from './embedded-servers.ts';
import { dockerAnswers } from './redis-command.ts';
import type { RunningServers } from './running-servers.ts';
import type { OnProgress } from './server-process.ts';
import { prepareTemplate } from '../template-database.ts';

type Mode = 'containers' | 'embedded';

/**
 * PostgreSQL and Redis for one run of tests, with the template database made. `GOMON_TEST_SERVERS` says how; unset:
 * containers where a Docker engine answers and has the images, else the embedded PostgreSQL and the machine's Redis.
 */
export async function startTestServers(
  environment: NodeJS.ProcessEnv,
  onProgress: OnProgress,
): Promise<RunningServers> {
  const servers = await start(environment['GOMON_TEST_SERVERS'], onProgress);
  try {
    await prepareTemplate(servers.postgresUrl);
    return servers;
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

async function start(mode: string | undefined, onProgress: OnProgress): Promise<RunningServers> {
  if (mode) return (isMode(mode) ? starters[mode] : refuse(mode))(onProgress);
  if (!(await dockerAnswers())) return startEmbeddedServers(onProgress);
  try {
    return await startContainers();
  } catch (error) {
    onProgress(`Containers cannot serve the tests (${String(error)}); using the embedded servers`);
    return startEmbeddedServers(onProgress);
  }
}

const starters: Record<Mode, (onProgress: OnProgress) => Promise<RunningServers>> = {
  containers: startContainers,
  embedded: startEmbeddedServers,
};

function isMode(mode: string): mode is Mode {
  return Object.hasOwn(starters, mode);
}

function refuse(mode: string): never {
  throw new Error(`GOMON_TEST_SERVERS is ${mode}: it may be containers or embedded`);
}

/** The containers' client takes a second to load. */
async function startContainers(): Promise<RunningServers> {
  const { startContainerServers } = await import('./container-servers.ts');
  return startContainerServers();
}
