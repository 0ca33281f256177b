import { describeError } from '@gomon/runtime';
import { summarize } from './closing-lines.ts';
import { runRounds } from './run-rounds.ts';

const rounds = [
  {
    name: 'lint, typecheck, unit and integration tests, bundles',
    targets: ['lint', 'typecheck', 'test', 'build'],
  },
  { name: 'end-to-end tests', targets: ['e2e'] },
  { name: 'tests in a browser', targets: ['browser'] },
];

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => interrupted.abort());

process.exitCode = await testEverything().catch((error: unknown) => {
  console.error(describeError(error));
  return 1;
});

async function testEverything(): Promise<number> {
  const started = performance.now();
  const { suites, failed } = await runRounds(rounds, process.env, interrupted.signal);
  console.log(summarize(suites));
  const verdict = failed.length === 0 ? 'Everything passed' : `Failed: ${failed.join('; ')}`;
  console.log(`${verdict} (${Math.round((performance.now() - started) / 1000)} s)`);
  return failed.length === 0 ? 0 : 1;
}
