// npm run test:fuzz -- [--scenarios N] [--seed N] [--path P]: scenarios of random requests through the whole API; ends with
// `fuzz: N passed, M failed`, N being scenarios. A failure says which --seed and --path take the same scenario again.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startTestServers } from '@gomon/test-support';
import { describeError } from '@gomon/runtime';
import { fuzz, neverGranted, type FuzzReport } from './fuzz.ts';

const JOURNEYS = 300;

const { values } = parseArgs({
  options: { scenarios: { type: 'string' }, seed: { type: 'string' }, path: { type: 'string' } },
});
const scenarios = Number(values.scenarios ?? JOURNEYS);
const seed = Number(values.seed ?? randomInt(2 ** 31));

if (!Number.isInteger(seed) || !Number.isInteger(scenarios) || scenarios < 1) {
  console.error('Usage: npm run test:fuzz -- [--scenarios N] [--seed N] [--path P]');
  process.exit(2);
}

process.exitCode = await run().catch((error: unknown) => {
  console.error(describeError(error));
  return 1;
});

async function run(): Promise<number> {
  console.log('Starting PostgreSQL for the API');
  const servers = await startTestServers(process.env, (line) => console.log(line));
  process.env['TEST_POSTGRES_URL'] = servers.postgresUrl;
  try {
    console.log(`${scenarios} scenarios, seed ${seed}`);
    const started = performance.now();
    const report = await fuzz({ scenarios, seed, ...(values.path && { path: values.path }) });
    const untried =
      report.failure || values.path || scenarios < JOURNEYS ? [] : neverGranted(report);
    console.log(describeStatuses(report));
    console.log(
      `${report.requests} requests in ${Math.round((performance.now() - started) / 1000)} s, seed ${seed}`,
    );
    if (untried.length > 0) console.log(`Never granted: ${untried.join(', ')}`);
    if (report.failure) console.log(report.failure);
    const failed = report.failure || untried.length > 0 ? 1 : 0;
    console.log(`fuzz: ${report.scenarios - failed} passed, ${failed} failed`);
    return failed;
  } finally {
    await servers.stop();
  }
}

function describeStatuses({ statuses }: FuzzReport): string {
  return [...statuses]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(
      ([name, of]) =>
        `  ${name}: ${[...of]
          .toSorted(([a], [b]) => a - b)
          .map(([status, count]) => `${count} × ${status}`)
          .join(', ')}`,
    )
    .join('\n');
}
