import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './run.ts';

const MAX_FILES = 15;
const IS_SOURCE = /\.(ts|tsx|mjs|cjs)$/;
/** Tests stand beside what they test. */
const IS_TEST = /\.test\.tsx?$|(^|\/)test\//;

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\0')
  .filter((file) => IS_SOURCE.test(file) && !IS_TEST.test(file) && existsSync(join(root, file)));

test(`no folder holds more than ${MAX_FILES} source files`, () => {
  const folders = Object.entries(Object.groupBy(files, dirname)).map(
    ([folder, inside = []]) => [folder, inside.length] as const,
  );
  expect(folders.length).toBeGreaterThan(50);
  expect(folders.filter(([, count]) => count > MAX_FILES)).toEqual([]);
});
