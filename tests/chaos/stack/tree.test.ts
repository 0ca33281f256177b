import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { applyPatch, copyTree } from './tree.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'gomon-chaos-tree-'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('the copy finds its own libs, with the patches applied', () => {
  const file = 'libs/domain/src/index.ts';
  const whole = readFileSync(join(root, file), 'utf8');
  copyTree(root, copy, [{ file, from: whole, to: 'export {};' }]);
  expect(readFileSync(join(copy, 'node_modules/@gomon/domain/src/index.ts'), 'utf8')).toBe('export {};');
  expect(readFileSync(join(root, file), 'utf8')).toBe(whole);
});

test.each([
  ['nowhere', 'a b c'],
  ['twice', 'x b x'],
])('a patch whose place is %s is refused', (_, source) => {
  expect(() => applyPatch(source, { file: 'f', from: 'x', to: 'y' })).toThrow('not once');
});
