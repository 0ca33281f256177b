import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { INVARIANTS } from '../invariants/all.ts';
import { allFaults } from '../nemesis/all.ts';
import { TIME_SCALE } from '../stack/time-scale.ts';
import { applyPatch, copyTree, replaceOnce } from '../stack/tree.ts';
import { DEFECTS } from './all.ts';
import { PATCHES_DIR, patchPath } from './patches.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** As a run has them before a defect comes in. */
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'gomon-chaos-defects-'));
  copyTree(root, copy, TIME_SCALE);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const sourceOf = (file: string) => readFileSync(root + file, 'utf8');

test.each(TIME_SCALE.map((patch) => [patch.from, patch] as const))(
  'the sources have a place for the scale of time: %s',
  (_, patch) => {
    expect(replaceOnce(sourceOf(patch.file), patch)).not.toBe(sourceOf(patch.file));
  },
);

const patches = DEFECTS.flatMap(({ name, patch }) => (patch ? [[name, patch] as const] : []));

test.each(patches)('the sources have a place for the defect: %s', (_, patch) => {
  expect(() => applyPatch(copy, patchPath(patch), { check: true })).not.toThrow();
});

test('every patch is one defect', () => {
  expect(patches.map(([, patch]) => patch).sort()).toEqual(readdirSync(PATCHES_DIR).sort());
});

test.each(DEFECTS.map((defect) => [defect.name, defect] as const))(
  'the faults of "%s" exist',
  (_, defect) => {
    expect(allFaults(true).map(({ name }) => name)).toEqual(
      expect.arrayContaining([...defect.faults]),
    );
  },
);

test('every invariant is broken by a defect', () => {
  expect(new Set(DEFECTS.map(({ caughtBy }) => caughtBy))).toEqual(
    new Set(INVARIANTS.map(({ name }) => name)),
  );
});

test('the page on faults names every defect, with the invariant that it breaks', () => {
  const page = sourceOf('docs/chaos.md');
  const named = [...page.matchAll(/^\| (.+?) +\| (.+?) +\|$/gm)].map(
    ([, name, caughtBy]) => `${name}: ${caughtBy}`,
  );
  expect(named.slice(2)).toEqual(DEFECTS.map(({ name, caughtBy }) => `${name}: ${caughtBy}`));
});
