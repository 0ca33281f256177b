import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTestServers } from '@gomon/test-support';
import { describeError } from '../describe-error.ts';

const nx = fileURLToPath(new URL('../../node_modules/nx/dist/bin/nx.js', import.meta.url));
const rounds = [
  { name: 'lint, typecheck, unit and integration tests, bundles', targets: ['lint', 'typecheck', 'test', 'build'] },
  { name: 'end-to-end tests', targets: ['e2e'] },
];

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

process.exitCode = await testEverything().catch((error: unknown) => {
  console.error(describeError(error));
  return 1;
});

async function testEverything(): Promise<number> {
  const started = performance.now();
  console.log('Starting PostgreSQL and Redis for the tests');
  const servers = await startTestServers(process.env, (line) => console.log(line));
  const environment = { ...process.env, TEST_POSTGRES_URL: servers.postgresUrl, TEST_REDIS_URL: servers.redisUrl };
  const failed: string[] = [];
  try {
    for (const { name, targets } of rounds) {
      if (!interrupted.signal.aborted && !(await runTargets(targets, environment))) failed.push(name);
    }
  } finally {
    await servers.stop();
  }
  if (interrupted.signal.aborted) throw new Error('Interrupted');
  const verdict = failed.length === 0 ? 'Everything passed' : `Failed: ${failed.join('; ')}`;
  console.log(`${verdict} (${Math.round((performance.now() - started) / 1000)} s)`);
  return failed.length === 0 ? 0 : 1;
}

/** Nx names the tasks that failed at the end of its output. */
async function runTargets(targets: string[], environment: NodeJS.ProcessEnv): Promise<boolean> {
  const child = spawn(process.execPath, [nx, 'run-many', '--target', ...targets, '--output-style=stream'], {
    env: environment,
    stdio: 'inherit',
  });
  interrupted.signal.addEventListener('abort', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
