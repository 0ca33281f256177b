import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readClosingLines, type SuiteResult } from '../test/closing-lines.ts';
import type { ComposeStack } from './stack.ts';

const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  '../../node_modules/jest/bin/jest.js',
];

/** Runs these tests of tests against the stack, and shows what they print; `signal` ends them. */
export async function runTests(
  tests: readonly string[],
  stack: ComposeStack,
  signal: AbortSignal,
): Promise<SuiteResult> {
  const child = spawn(
    process.execPath,
    [...jest, '--selectProjects', 'containers', '--runInBand', ...tests],
    {
      cwd: 'tests',
      env: {
        ...stack.environment,
        GOMON_E2E_API_URL: stack.apiUrl,
        GOMON_E2E_TARGET_HOST: stack.targetHost,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      signal,
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    output += text;
  });
  await once(child, 'close');
  const [result] = readClosingLines(output);
  if (!result) throw new Error('the tests ended before they had a result');
  return result;
}
