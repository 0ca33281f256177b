import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { INVARIANTS } from '../invariants/all.ts';
import { allFaults } from '../nemesis/all.ts';
import { TIME_SCALE } from '../stack/time-scale.ts';
import { applyPatch } from '../stack/tree.ts';
import { DEFECTS } from './all.ts';

const sourceOf = (file: string) => readFileSync(fileURLToPath(new URL(`../../../${file}`, import.meta.url)), 'utf8');
test.each(TIME_SCALE.map((patch) => [patch.from, patch] as const))(
  'the sources have a place for the scale of time: %s',
  (_, patch) => {
    expect(applyPatch(sourceOf(patch.file), patch)).not.toBe(sourceOf(patch.file));
  },
);

const patches = DEFECTS.flatMap((defect) => (defect.patches ?? []).map((patch) => [defect.name, patch] as const));

test.each(patches)('the sources have a place for the defect: %s', (_, patch) => {
  expect(applyPatch(sourceOf(patch.file), patch)).not.toBe(sourceOf(patch.file));
});

test.each(DEFECTS.map((defect) => [defect.name, defect] as const))('the faults of "%s" exist', (_, defect) => {
  expect(allFaults(true).map(({ name }) => name)).toEqual(expect.arrayContaining([...defect.faults]));
});

test('every invariant is broken by a defect', () => {
  expect(new Set(DEFECTS.map(({ caughtBy }) => caughtBy))).toEqual(new Set(INVARIANTS.map(({ name }) => name)));
});

test('the page on faults names every defect, with the invariant that it breaks', () => {
  const page = sourceOf('docs/chaos.md');
  const named = [...page.matchAll(/^\| (.+?) +\| (.+?) +\|$/gm)].map(([, name, caughtBy]) => `${name}: ${caughtBy}`);
  expect(named.slice(2)).toEqual(DEFECTS.map(({ name, caughtBy }) => `${name}: ${caughtBy}`));
});
