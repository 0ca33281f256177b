import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { applyPatch, copyTree, replaceOnce } from './tree.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'gomon-chaos-tree-'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('the copy finds its own libs, with the replacements made', () => {
  const file = 'libs/domain/src/index.ts';
  const whole = readFileSync(join(root, file), 'utf8');
  copyTree(root, copy, [{ file, from: whole, to: 'export {};' }]);
  expect(readFileSync(join(copy, 'node_modules/@gomon/domain/src/index.ts'), 'utf8')).toBe(
    'export {};',
  );
  expect(readFileSync(join(root, file), 'utf8')).toBe(whole);
});

test.each([
  ['nowhere', 'a b c'],
  ['twice', 'x b x'],
])('a replacement whose place is %s is refused', (_, source) => {
  expect(() => replaceOnce(source, { file: 'f', from: 'x', to: 'y' })).toThrow('not once');
});

const PATCH = `--- a/sources/it.ts
+++ b/sources/it.ts
@@ -1,5 +1,5 @@
 one
 two
-three
+3
 four
 five
`;

test.each([
  ['as it was', 'one\ntwo\nthree\nfour\nfive\n', 'one\ntwo\n3\nfour\nfive\n'],
  [
    'further down, among other lines',
    'a\nb\nc\ntwo\nthree\nfour\nd\n',
    'a\nb\nc\ntwo\n3\nfour\nd\n',
  ],
])('a patch finds its place %s', (name, before, after) => {
  expect(patched(name, before)).toBe(after);
});

test.each([
  ['is gone', 'one\ntwo\nfour\nfive\n'],
  ['has other neighbours', 'one\n2\nthree\n4\nfive\n'],
])('a patch whose place %s is refused', (name, before) => {
  expect(() => patched(name, before)).toThrow('patch does not apply');
});

/** A file after PATCH was applied to the tree that it is in. */
function patched(name: string, before: string): string {
  const tree = join(copy, name);
  mkdirSync(join(tree, 'sources'), { recursive: true });
  writeFileSync(join(tree, 'it.patch'), PATCH);
  writeFileSync(join(tree, 'sources/it.ts'), before);
  applyPatch(tree, join(tree, 'it.patch'));
  return readFileSync(join(tree, 'sources/it.ts'), 'utf8');
}
