import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError } from '@gomon/runtime';
import { allFaults } from '../nemesis/all.ts';
import { describeRun, type RunReport } from '../report.ts';
import { runChaos, type ChaosOptions } from '../run-chaos.ts';
import { DEFECTS } from './all.ts';
import type { Defect } from './defect.ts';
import { patchPath } from './patches.ts';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

type Surroundings = Pick<ChaosOptions, 'seed' | 'fakeClocks' | 'say' | 'signal'>;

const MINUTES = 0.5;
/** What the runs with defects are compared with: the same faults and no defect. */
const CONTROL: Defect = {
  name: 'control: no defect',
  faults: [...new Set(DEFECTS.flatMap(({ faults }) => faults))],
  caughtBy: '',
};

/** One short run for each defect whose name holds `part`. A defect that is not caught is a failure of the checker. */
export async function runDefects(part: string, surroundings: Surroundings): Promise<Tally> {
  const { say } = surroundings;
  const chosen = DEFECTS.filter(({ name }) => name.includes(part));
  const verdicts: { line: string; isRight: boolean }[] = [];
  for (const defect of [CONTROL, ...chosen]) {
    say(`— ${defect.name}`);
    const verdict = await runDefect(defect, surroundings);
    say(`  ${verdict.line}`);
    verdicts.push(verdict);
  }
  for (const { line } of verdicts) say(line);
  const passed = verdicts.filter(({ isRight }) => isRight).length;
  return { passed, failed: verdicts.length - passed };
}

async function runDefect(defect: Defect, surroundings: Surroundings) {
  const { name, faults, caughtBy, patch, ...changes } = defect;
  const directory = mkdtempSync(join(tmpdir(), 'gomon-chaos-'));
  const quiet = { ...surroundings, say: () => undefined };
  const kinds = allFaults(surroundings.fakeClocks).filter((kind) => faults.includes(kind.name));
  let isRight = false;
  try {
    const report = await runChaos({
      ...quiet,
      ...changes,
      patch: patch && patchPath(patch),
      directory,
      kinds,
      minutes: defect === CONTROL ? 2 * MINUTES : MINUTES,
    });
    const broken = report.judged
      .filter((judged) => judged.faults.length > 0)
      .map((judged) => judged.name);
    isRight = caughtBy === '' ? broken.length === 0 : broken.includes(caughtBy);
    if (!isRight) showReport(report, directory, surroundings.say);
    const found = broken.length > 0 ? `broken: ${broken.join('; ')}` : 'everything holds';
    return { isRight, line: `${isRight ? 'right ' : 'WRONG '} ${name} (${found})` };
  } catch (error) {
    surroundings.signal.throwIfAborted();
    return { isRight, line: `WRONG  ${name} (the run came to nothing: ${describeError(error)})` };
  } finally {
    if (isRight || surroundings.signal.aborted) rmSync(directory, { recursive: true, force: true });
  }
}

function showReport(report: RunReport, directory: string, say: (line: string) => void): void {
  for (const line of describeRun(report)) say(`  ${line}`);
  say(`  Logs and data are kept in ${directory}`);
}
