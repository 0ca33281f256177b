// npm run test:containers: for each of the compose stacks builds the images, starts it under a name and on a port of its own,
// runs the tests against it from outside, and removes it. Leaves the images and nothing else.
import { fileURLToPath } from 'node:url';
import { describeError } from '../describe-error.ts';
import type { SuiteResult } from '../test/closing-lines.ts';
import { engineAnswers } from './docker.ts';
import { describeContainers, describeImages } from './report.ts';
import { runTests } from './run-tests.ts';
import { startComposeStack } from './stack.ts';

interface Round {
  name: string;
  files: readonly string[];
  /** How many containers a service has, where it is not one. */
  scale: Record<string, number>;
  tests: readonly string[];
}

const rounds: Round[] = [
  { name: 'plain', files: ['docker-compose.yml'], scale: {}, tests: ['e2e/pipeline', 'containers/faults'] },
  { name: 'scaled', files: ['docker-compose.yml'], scale: { prober: 4, scheduler: 2, api: 2 }, tests: ['e2e/pipeline'] },
  {
    name: 'sharded',
    files: ['docker-compose.yml', 'docker-compose.sharded.yml'],
    scale: {},
    tests: ['e2e/pipeline', 'containers/sharded'],
  },
];

const say = (line: string) => console.log(line);
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
process.exitCode = await testContainers();

async function testContainers(): Promise<number> {
  if (!(await engineAnswers())) {
    say('No Docker engine answers: nothing of the containers is tested');
    say('containers: 0 passed, 0 failed, 1 skipped');
    return 0;
  }
  const results: SuiteResult[] = [];
  for (const round of rounds) results.push(await testRound(round));
  const total = (column: 'passed' | 'failed') => results.reduce((sum, result) => sum + result[column], 0);
  say(`containers: ${total('passed')} passed, ${total('failed')} failed`);
  return total('failed') === 0 ? 0 : 1;
}

/** What keeps the tests from running is one failure. */
async function testRound(round: Round): Promise<SuiteResult> {
  try {
    interrupted.signal.throwIfAborted();
    return await testStack(round);
  } catch (error) {
    say(`${round.name}: ${describeError(error)}`);
    return { name: round.name, passed: 0, failed: 1 };
  }
}

async function testStack({ name, files, scale, tests }: Round): Promise<SuiteResult> {
  say(`${name}: building the images and starting the stack`);
  const stack = await startComposeStack(files, scale);
  try {
    for (const line of [...(await describeImages()), ...(await describeContainers(stack.project))]) say(`  ${line}`);
    say(`${name}: testing ${tests.join(', ')} at ${stack.apiUrl}`);
    return await runTests(tests, stack, interrupted.signal);
  } finally {
    say(`${name}: removing the stack`);
    await stack.remove();
  }
}
