import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A change of one source file: `from` has to be in it exactly once. */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const SOURCES = ['apps', 'libs', 'prisma', 'package.json'];
const LEFT_OUT = new Set(['node_modules', 'dist', 'coverage', 'test']);

/**
 * Copies what the processes run from, with the patches applied: what is edited meanwhile does not change them, and the
 * production code needs no switch for its defects. Throws when a patch does not match.
 */
export function copyTree(root: string, copy: string, patches: readonly Patch[]): void {
  for (const source of SOURCES)
    cpSync(join(root, source), join(copy, source), { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  linkPackages(root, copy);
  for (const patch of patches) {
    const path = join(copy, patch.file);
    writeFileSync(path, applyPatch(readFileSync(path, 'utf8'), patch));
  }
}

/** Every installed package, but with our own libs in the copy. */
function linkPackages(root: string, copy: string): void {
  mkdirSync(join(copy, 'node_modules/@gomon'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@gomon') symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  for (const name of readdirSync(join(root, 'node_modules/@gomon')))
    symlinkSync(readlinkSync(join(root, 'node_modules/@gomon', name)), join(copy, 'node_modules/@gomon', name));
  for (const project of ['apps', 'libs'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))) {
    const own = join(root, project, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(copy, project, 'node_modules'));
  }
}

/** The sources with the defect in them. Throws unless its place is there exactly once. */
export function applyPatch(source: string, { file, from, to }: Patch): string {
  const pieces = source.split(from);
  if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times, not once: ${from}`);
  return pieces.join(to);
}
