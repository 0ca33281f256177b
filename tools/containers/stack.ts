import { randomBytes } from 'node:crypto';
import { delimiter, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@gomon/test-support';
import { compose, docker } from './docker.ts';

const READY_TIMEOUT_MS = 60_000;

export interface ComposeStack {
  project: string;
  apiUrl: string;
  /** An address of this machine that the probers reach, and may probe. */
  targetHost: string;
  /** What commands on the stack, here and in other processes, need. */
  environment: NodeJS.ProcessEnv;
  /** Removes the stack with its data. */
  remove(): Promise<void>;
}

/**
 * Builds the images and starts the stack of these compose files under a separate name; removes it
 * again on failure.
 */
export async function startComposeStack(
  files: readonly string[],
  scale: Record<string, number>,
): Promise<ComposeStack> {
  const project = `gomon-test-${randomBytes(3).toString('hex')}`;
  const apiAddress = `127.0.0.1:${await freePort()}`;
  const environment = {
    ...process.env,
    ...secrets(),
    COMPOSE_PROJECT_NAME: project,
    COMPOSE_FILE: files.map((file) => resolve(file)).join(delimiter),
    API_PORT: apiAddress,
    MIN_INTERVAL_SECONDS: '1',
    MAX_MONITORS_PER_USER: '1000',
    RATE_LIMIT_PER_MINUTE: '100000',
  };
  // An engine that removes many containers at once may keep an endpoint of one, and with it its network.
  const remove = async () =>
    void (await compose(['down', '--volumes', '--timeout=30'], {
      ...environment,
      COMPOSE_PARALLEL_LIMIT: '2',
    }));
  try {
    await compose(['build'], environment);
    await compose(['up', '--detach', '--no-deps', 'proxy'], environment); // It waits for the others, and its network is there.
    const targetHost = await docker(
      'network',
      'inspect',
      '--format',
      '{{(index .IPAM.Config 0).Gateway}}',
      `${project}_public`,
    );
    const settled = { ...environment, PROBER_ALLOWED_NETWORKS: `${targetHost}/32` };
    const counts = Object.entries(scale).flatMap(([service, count]) => [
      '--scale',
      `${service}=${count}`,
    ]);
    await compose(['up', '--detach', ...counts], settled);
    const apiUrl = `http://${apiAddress}`;
    await untilReady(apiUrl);
    return { project, apiUrl, targetHost, environment: settled, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function secrets(): NodeJS.ProcessEnv {
  const passwords = ['POSTGRES', 'API_DATABASE', 'SCHEDULER_DATABASE', 'REDIS', 'PROBER_REDIS'].map(
    (of) => `${of}_PASSWORD`,
  );
  const names = [...passwords, 'JWT_SECRET', 'SECRETS_KEY'];
  return Object.fromEntries(names.map((name) => [name, randomBytes(32).toString('hex')]));
}

async function untilReady(apiUrl: string): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!(await answersReady(apiUrl))) {
    if (performance.now() > deadline) throw new Error(`${apiUrl} is not ready after a minute`);
    await delay(200);
  }
}

function answersReady(apiUrl: string): Promise<boolean> {
  return fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(5000) }).then(
    (response) => response.ok,
    () => false,
  );
}
