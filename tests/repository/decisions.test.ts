import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './run.ts';

const directory = join(root, 'docs/decisions');
const index = readFileSync(join(directory, 'README.md'), 'utf8');
const files = readdirSync(directory).filter((name) => /^\d{4}-/.test(name));

test('the index lists every decision once, in order, with its number', () => {
  const rows = [...index.matchAll(/^\| \[(\d+)\]\(([\w-]+\.md)\) +\| \S/gm)].map(
    ([, number, file]) => ({ number, file }),
  );
  expect(rows).toEqual(
    files.sort().map((file) => ({ number: String(Number(file.slice(0, 4))), file })),
  );
});

test.each(files)('%s begins with its number and the decision', (file) => {
  const [heading] = readFileSync(join(directory, file), 'utf8').split('\n');
  expect(heading).toMatch(new RegExp(`^# ${Number(file.slice(0, 4))}\\. \\S`));
});
