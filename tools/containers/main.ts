// npm run test:containers [-- NAME…]: runs the suites that need servers on containers of them; then for each of the compose stacks builds
// the images, starts it under a separate name and port, runs the tests against it from outside, and removes it. Leaves the images
// and nothing else. With names only those: suites, plain, scaled, sharded.
import { fileURLToPath } from 'node:url';
import { describeError } from '@gomon/runtime';
import { summarize, type SuiteResult } from '../test/closing-lines.ts';
import { runRounds } from '../test/run-rounds.ts';
import { engineAnswers } from './docker.ts';
import { describeContainers, describeImages } from './report.ts';
import { runTests } from './run-tests.ts';
import { startComposeStack } from './stack.ts';

interface StackRound {
  name: string;
  files: readonly string[];
  /** How many containers a service has, where it is not one. */
  scale: Record<string, number>;
  tests: readonly string[];
}

const stacks: StackRound[] = [
  {
    name: 'plain',
    files: ['docker-compose.yml'],
    scale: {},
    tests: ['e2e/pipeline', 'containers/faults'],
  },
  {
    name: 'scaled',
    files: ['docker-compose.yml'],
    scale: { prober: 4, scheduler: 2, api: 2 },
    tests: ['e2e/pipeline'],
  },
  {
    name: 'sharded',
    files: ['docker-compose.yml', 'docker-compose.sharded.yml'],
    scale: {},
    tests: ['e2e/pipeline', 'containers/sharded'],
  },
];

/** The suites that have PostgreSQL or Redis: all with a `globalSetup`. */
const suites = {
  name: 'the suites on containers',
  targets: ['test'],
  projects: ['alerting', 'persistence', 'prober', 'scheduler', 'api', 'test-support'],
  uncached: true,
};

const say = (line: string) => console.log(line);
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => interrupted.abort());

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const rounds: Record<string, () => Promise<SuiteResult[]>> = {
  suites: testSuites,
  ...Object.fromEntries(stacks.map((stack) => [stack.name, () => testStack(stack)])),
};
const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(rounds);
process.exitCode = await testContainers();

async function testContainers(): Promise<number> {
  if (chosen.some((name) => !rounds[name])) {
    say(`Usage: npm run test:containers [-- NAME…]\nNames: ${Object.keys(rounds).join(', ')}`);
    return 2;
  }
  if (!(await engineAnswers())) {
    say('No Docker engine answers: nothing of the containers is tested');
    say('containers: 0 passed, 0 failed, 1 skipped');
    return 0;
  }
  const results: SuiteResult[] = [];
  for (const name of chosen) results.push(...(await orFailed(name, rounds[name] ?? testSuites)));
  say(summarize(results));
  return results.every(({ failed }) => failed === 0) ? 0 : 1;
}

/** What keeps the tests from running is one failure. */
async function orFailed(name: string, run: () => Promise<SuiteResult[]>): Promise<SuiteResult[]> {
  try {
    return await run();
  } catch (error) {
    say(`${name}: ${describeError(error)}`);
    return [{ name, passed: 0, failed: 1, failures: [] }];
  }
}

async function testSuites(): Promise<SuiteResult[]> {
  say(suites.name);
  const environment = { ...process.env, GOMON_TEST_SERVERS: 'containers' };
  const { suites: results, failed } = await runRounds([suites], environment, interrupted.signal);
  const isUnseen = failed.length > 0 && results.every((result) => result.failed === 0);
  return isUnseen
    ? [...results, { name: suites.name, passed: 0, failed: 1, failures: [] }]
    : [...results];
}

async function testStack({ name, files, scale, tests }: StackRound): Promise<SuiteResult[]> {
  interrupted.signal.throwIfAborted();
  say(`${name}: building the images and starting the stack`);
  const stack = await startComposeStack(files, scale);
  const tested = await orFailed(name, async () => {
    for (const line of [...(await describeImages()), ...(await describeContainers(stack.project))])
      say(`  ${line}`);
    say(`${name}: testing ${tests.join(', ')} at ${stack.apiUrl}`);
    return [{ ...(await runTests(tests, stack, interrupted.signal)), name }];
  });
  say(`${name}: removing the stack`);
  const removed = await orFailed(`${name}, removal`, () => stack.remove().then(() => []));
  return [...tested, ...removed];
}
