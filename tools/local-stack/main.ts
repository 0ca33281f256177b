import { parseArgs } from 'node:util';
import { describeError } from '@gomon/runtime';
import { LOOPBACK_NETWORKS } from './apps/app-plans.ts';
import { buildDashboard } from './apps/build-dashboard.ts';
import { demoUntilResolved } from './demo/demo.ts';
import { interruptions } from './interruptions.ts';
import { startStack, type Stack } from './start-stack.ts';

const { given, forced } = interruptions();
const dataDir = process.env['GOMON_DATA_DIR'] || '.gomon';
const say = (line: string) => console.log(line);

process.exitCode = await run().catch((error: unknown) => {
  if (!given.aborted) console.error(describeError(error));
  return given.aborted ? 0 : 1;
});

async function run(): Promise<number> {
  const options = readOptions();
  const environment = { ...process.env, ...(options.demo ? { MIN_INTERVAL_SECONDS: '1' } : {}) };
  await buildDashboard(say, given);
  const stack = await startStack({
    dataDir,
    environment,
    counts: options,
    onProgress: say,
    signal: given,
  });
  try {
    say(welcome(stack));
    return await Promise.race([
      interrupted(),
      brokenStack(stack),
      ...(options.demo ? [demonstrate(stack)] : []),
    ]);
  } finally {
    say('Stopping');
    await stack.stop(forced);
    say('Stopped');
  }
}

function readOptions() {
  const number = { type: 'string', default: '1' } as const;
  const { values } = parseArgs({
    options: { demo: { type: 'boolean', default: false }, schedulers: number, probers: number },
  });
  const counts = { schedulers: Number(values.schedulers), probers: Number(values.probers) };
  const valid = Object.values(counts).every((count) => Number.isInteger(count) && count >= 1);
  if (!valid) throw new Error('--schedulers and --probers take a number from 1 on');
  return { ...counts, demo: values.demo };
}

async function demonstrate(stack: Stack): Promise<number> {
  await demoUntilResolved(stack.apiUrl, dataDir, say, given);
  if (process.stdin.isTTY && process.stdout.isTTY) return interrupted();
  return 0;
}

async function brokenStack(stack: Stack): Promise<number> {
  console.error(await stack.broken);
  return 1;
}

function interrupted(): Promise<number> {
  return new Promise((resolve) => {
    if (given.aborted) resolve(0);
    given.addEventListener('abort', () => resolve(0));
  });
}

function welcome({ apiUrl, metricsUrls }: Stack): string {
  const user = '{"username":"ada","password":"a long passphrase"}';
  const loopback =
    process.env['PROBER_ALLOWED_NETWORKS'] === undefined
      ? [`Probes may reach this machine (PROBER_ALLOWED_NETWORKS=${LOOPBACK_NETWORKS}).`]
      : [];
  return [
    '',
    'GoMon is running.',
    `  Open     ${apiUrl}`,
    `  API      ${apiUrl}/v1`,
    `  Docs     ${apiUrl}/docs`,
    ...Object.entries(metricsUrls).map(([name, url]) => `  Metrics  ${url} (${name})`),
    `  Data     ${dataDir} (logs in ${dataDir}/logs)`,
    ...loopback,
    'Sign up there, or:',
    `  curl ${apiUrl}/v1/users -H 'content-type: application/json' -d '${user}'`,
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}
