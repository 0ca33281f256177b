import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './run.ts';
import { variablesOf } from './variables.ts';

const page = readFileSync(join(root, 'docs/deployment.md'), 'utf8');
const rows = [...page.matchAll(/^\| `([A-Z_]+)` +\| (.*?) +\| (.*?) +\| .*? +\|$/gm)].map(
  ([, ...cells]) => cells,
);

test('the page lists every variable once, with who reads it and its defaults', () => {
  const names = new Set(Object.values(variablesOf).flatMap((variables) => Object.keys(variables)));
  const expected = [...names].map((name) => {
    const readers = Object.keys(variablesOf).filter((program) => variablesOf[program]?.[name]);
    const defaults = new Set(
      readers.map((program) => describeDefault(variablesOf[program]?.[name]?.default)),
    );
    return [name, readers.join(', '), [...defaults].join(', ')];
  });
  expect(rows.sort()).toEqual(expected.sort());
});

/** A dash for what has to be given. */
function describeDefault(value: string | number | undefined): string {
  if (value === undefined) return '–';
  return value === '' ? 'none' : `\`${value}\``;
}
