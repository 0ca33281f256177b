import { stripVTControlCharacters } from 'node:util';

export interface SuiteResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
}

/** The closing lines of the suites (`name: N passed, N failed`) in what Nx printed, coloured and prefixed as it is. */
export function readClosingLines(output: string): SuiteResult[] {
  const lines = stripVTControlCharacters(output).matchAll(/(\S+): (\d+) passed, (\d+) failed(?:, \d+ skipped)?$/gm);
  return [...lines].map(([, name = '', passed, failed]) => ({ name, passed: Number(passed), failed: Number(failed) }));
}

/** A closing line for each suite and one for all of them. */
export function summarize(suites: readonly SuiteResult[]): string {
  const total = (column: 'passed' | 'failed') => suites.reduce((sum, suite) => sum + suite[column], 0);
  const lines = suites.map(({ name, passed, failed }) => `${name}: ${passed} passed, ${failed} failed`);
  return [...lines, `${total('passed')} passed, ${total('failed')} failed`].join('\n');
}
