import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './run.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/security.md');
/** A path, and behind it the names of tests in that file. */
const references = [...page.matchAll(/`([\w./-]+\.test\.ts)`((?:[:,]? “[^”]+”)*)/g)].map(
  ([, path = '', names = '']) => ({
    path,
    names: [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => name),
  }),
);

test.each([...new Set(references.map(({ path }) => path))])(
  '%s, which the page on security names, is there',
  (path) => {
    expect(existsSync(join(root, path))).toBe(true);
  },
);

test('every test that the page names is in the file that it names', () => {
  const missing = references.flatMap(({ path, names }) => {
    const source = existsSync(join(root, path)) ? read(path) : '';
    return names.filter((name) => !source.includes(name)).map((name) => `${path}: ${name}`);
  });
  expect(missing).toEqual([]);
});

test('every row of an attack and of a promise names a test', () => {
  for (const heading of ['Promises', 'Attacks on the API', 'What targets do to a prober']) {
    const [, section = ''] = page.split(`## ${heading}\n`);
    const rows =
      section
        .split('\n## ')[0]
        ?.split('\n')
        .filter((line) => line.startsWith('| '))
        .slice(2) ?? [];
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row).toMatch(/`[\w./-]+\.test\.ts`: “/);
  }
});
