import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTestServers } from '@gomon/test-support';
import { describeError } from '../describe-error.ts';
import { readClosingLines, summarize } from './closing-lines.ts';

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
  let output = '';
  try {
    for (const { name, targets } of rounds) {
      if (interrupted.signal.aborted) break;
      const ended = await runTargets(targets, environment);
      output += ended.output;
      if (!ended.succeeded) failed.push(name);
    }
  } finally {
    await servers.stop();
  }
  if (interrupted.signal.aborted) throw new Error('Interrupted');
  console.log(summarize(readClosingLines(output)));
  const verdict = failed.length === 0 ? 'Everything passed' : `Failed: ${failed.join('; ')}`;
  console.log(`${verdict} (${Math.round((performance.now() - started) / 1000)} s)`);
  return failed.length === 0 ? 0 : 1;
}

/** Nx names the tasks that failed at the end of its output, which is shown as it comes. */
async function runTargets(targets: string[], environment: NodeJS.ProcessEnv): Promise<{ succeeded: boolean; output: string }> {
  const child = spawn(process.execPath, [nx, 'run-many', '--target', ...targets, '--output-style=stream'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  interrupted.signal.addEventListener('abort', () => child.kill('SIGTERM'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    output += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { succeeded: code === 0, output };
}
