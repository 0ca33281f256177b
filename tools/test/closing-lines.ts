import { stripVTControlCharacters } from 'node:util';

export interface SuiteResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** The names of tests that failed, or the files that did not load. */
  readonly failures: readonly string[];
}

/**
 * The closing lines of the suites (`name: N passed, N failed`, after a `name: failed: TEST` for each failure) in the output of Nx,
 * which colours and prefixes its lines.
 */
export function readClosingLines(output: string): SuiteResult[] {
  const text = stripVTControlCharacters(output);
  const failures = [...text.matchAll(/(\S+): failed: (.+)$/gm)];
  return [...text.matchAll(/(\S+): (\d+) passed, (\d+) failed(?:, \d+ skipped)?$/gm)].map(
    ([, name = '', passed, failed]) => ({
      name,
      passed: Number(passed),
      failed: Number(failed),
      failures: failures.flatMap(([, suite, test = '']) => (suite === name ? [test] : [])),
    }),
  );
}

/** The failures and the closing line of each suite, and one line for all of them. */
export function summarize(suites: readonly SuiteResult[]): string {
  const total = (column: 'passed' | 'failed') =>
    suites.reduce((sum, suite) => sum + suite[column], 0);
  const lines = suites.flatMap(({ name, passed, failed, failures }) => [
    ...failures.map((test) => `${name}: failed: ${test}`),
    `${name}: ${passed} passed, ${failed} failed`,
  ]);
  return [...lines, `${total('passed')} passed, ${total('failed')} failed`].join('\n');
}
