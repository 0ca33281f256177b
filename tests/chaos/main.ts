// npm run test:chaos -- [--minutes N] [--seed S]: faults against a running stack of many processes, then the invariants.
// Ends with 0 when all of them hold, with 1 when one is broken, with 2 when so little happened that nothing is proven.
// npm run test:chaos -- --defects [PART OF A NAME]: the same with one known defect after the other; each must be caught.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError } from '@gomon/runtime';
import { interruptions } from '../../tools/local-stack/interruptions.ts';
import { runDefects } from './defects/run-defects.ts';
import { allFaults } from './nemesis/all.ts';
import { describePlan, planFaults } from './nemesis/plan.ts';
import { createRandom } from './random.ts';
import { describeRun, voidReasons } from './report.ts';
import { runChaos } from './run-chaos.ts';
import { canFakeClocks } from './stack/fake-clock.ts';

const say = (line: string) => console.log(line);
const { given: signal } = interruptions();

process.exitCode = await run().catch((error: unknown) => {
  say(signal.aborted ? 'Interrupted; everything was stopped' : describeError(error));
  return 1;
});
process.exit();

async function run(): Promise<number> {
  const options = {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string' },
    defects: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const minutes = Number(values.minutes);
  if (!(minutes >= 0.5 && minutes <= 600))
    throw new Error('--minutes takes a number from 0.5 to 600');
  const seed = values.seed ?? String(Math.floor(Math.random() * 1_000_000));
  const fakeClocks = await canFakeClocks();
  if (!fakeClocks) say('There is no libfaketime: clocks do not jump in this run');
  if (values.defects) return catchDefects(positionals.join(' '), seed, fakeClocks);
  return disturb(seed, minutes, fakeClocks);
}

async function catchDefects(part: string, seed: string, fakeClocks: boolean): Promise<number> {
  const { passed, failed } = await runDefects(part, { seed, fakeClocks, say, signal });
  say(`chaos: ${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

async function disturb(seed: string, minutes: number, fakeClocks: boolean): Promise<number> {
  const kinds = allFaults(fakeClocks);
  const plan = planFaults(kinds, minutes, createRandom(seed).branch('faults'));
  say(`Seed ${seed}, ${minutes} minutes, ${plan.length} faults:`);
  for (const line of describePlan(plan)) say(line);
  const directory = mkdtempSync(join(tmpdir(), 'gomon-chaos-'));
  let isKept = true;
  try {
    const report = await runChaos({ directory, seed, minutes, kinds, fakeClocks, say, signal });
    for (const line of describeRun(report)) say(line);
    const broken = report.judged.filter(({ faults }) => faults.length > 0).length;
    const reasons = voidReasons(report);
    isKept = broken > 0;
    if (isKept) say(`Logs and data are kept in ${directory}`);
    if (reasons.length > 0) say(`VOID: ${reasons.join(', ')}`);
    say(`chaos: ${report.judged.length - broken} passed, ${broken} failed`);
    return broken > 0 ? 1 : reasons.length > 0 ? 2 : 0;
  } finally {
    if (!isKept || signal.aborted) rmSync(directory, { recursive: true, force: true });
  }
}
