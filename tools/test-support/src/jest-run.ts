import { prepareTemplate } from './template-database.ts';
import type { RunningServers } from './servers/running-servers.ts';
import { startTestServers } from './servers/test-servers.ts';

let started: RunningServers | undefined;

/** Jest's global setup: servers for this run, unless the environment names some, and their addresses for the workers. */
export async function startForRun(): Promise<void> {
  const { TEST_POSTGRES_URL: given, TEST_REDIS_URL: givenRedis } = process.env;
  if (given && givenRedis) return prepareTemplate(given);
  started = await startTestServers(process.env, (line) => console.log(line));
  process.env['TEST_POSTGRES_URL'] = started.postgresUrl;
  process.env['TEST_REDIS_URL'] = started.redisUrl;
}

export async function stopAfterRun(): Promise<void> {
  await started?.stop();
}
