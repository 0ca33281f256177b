import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTestServers } from '@gomon/test-support';
import { readClosingLines, type SuiteResult } from './closing-lines.ts';

const nx = fileURLToPath(new URL('../../node_modules/nx/dist/bin/nx.js', import.meta.url));

/** Nx targets that run at the same time. */
export interface Round {
  readonly name: string;
  readonly targets: readonly string[];
  /** All projects, where it names none. */
  readonly projects?: readonly string[];
  /** Runs what passed before, too. */
  readonly uncached?: boolean;
}

export interface RoundsResult {
  readonly suites: readonly SuiteResult[];
  /** The rounds in which a task failed. */
  readonly failed: readonly string[];
}

/** Starts PostgreSQL and Redis for the tests, runs the rounds one after the other, and shows what they print. `signal` ends them. */
export async function runRounds(
  rounds: readonly Round[],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<RoundsResult> {
  console.log('Starting PostgreSQL and Redis for the tests');
  const servers = await startTestServers(environment, (line) => console.log(line));
  const settled = {
    ...environment,
    TEST_POSTGRES_URL: servers.postgresUrl,
    TEST_REDIS_URL: servers.redisUrl,
  };
  const failed: string[] = [];
  let output = '';
  try {
    for (const round of rounds) {
      if (signal.aborted) break;
      const ended = await runTargets(round, settled, signal);
      output += ended.output;
      if (!ended.succeeded) failed.push(round.name);
    }
  } finally {
    await servers.stop();
  }
  if (signal.aborted) throw new Error('Interrupted');
  return { suites: readClosingLines(output), failed };
}

/** Nx names the tasks that failed at the end of its output, which is shown as it comes. */
async function runTargets(
  { targets, projects, uncached }: Round,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
) {
  const which = [
    ...(projects ? ['--projects', projects.join(',')] : []),
    ...(uncached ? ['--skip-nx-cache'] : []),
  ];
  const child = spawn(
    process.execPath,
    [nx, 'run-many', '--target', ...targets, ...which, '--output-style=stream'],
    {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    output += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { succeeded: code === 0, output };
}
