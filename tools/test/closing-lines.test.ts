import { expect, test } from '@jest/globals';
import { readClosingLines, summarize } from './closing-lines.ts';

const output = [
  '\u001b[1m\u001b[34mdomain:\u001b[39m\u001b[22m domain: 22 passed, 0 failed',
  'Tests:       22 passed, 22 total',
  '\u001b[34mapi:\u001b[39m api: failed: lists monitors: newest first',
  'api: 353 passed, 1 failed, 2 skipped',
].join('\n');

test('finds the closing line of each suite with its failures, and nothing else', () => {
  expect(readClosingLines(output)).toEqual([
    { name: 'domain', passed: 22, failed: 0, failures: [] },
    { name: 'api', passed: 353, failed: 1, failures: ['lists monitors: newest first'] },
  ]);
});

test('names the failures again at the end, and ends with the sum of all suites', () => {
  expect(summarize(readClosingLines(output))).toBe(
    'domain: 22 passed, 0 failed\napi: failed: lists monitors: newest first\napi: 353 passed, 1 failed\n375 passed, 1 failed',
  );
});
