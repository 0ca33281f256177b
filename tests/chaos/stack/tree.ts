import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** A change of one source file: `from` has to be in it exactly once. */
export interface Replacement {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const SOURCES = ['apps', 'libs', 'prisma', 'package.json'];
const LEFT_OUT = new Set(['node_modules', 'dist', 'coverage', 'test']);

/**
 * Copies what the processes run from, with the replacements made: what is edited meanwhile does not change them, and the
 * production code needs no switch for its defects. Throws when a replacement does not match.
 */
export function copyTree(root: string, copy: string, replacements: readonly Replacement[]): void {
  for (const source of SOURCES)
    cpSync(join(root, source), join(copy, source), {
      recursive: true,
      filter: (path) => !LEFT_OUT.has(basename(path)),
    });
  linkPackages(root, copy);
  for (const replacement of replacements) {
    const path = join(copy, replacement.file);
    writeFileSync(path, replaceOnce(readFileSync(path, 'utf8'), replacement));
  }
}

/** Every installed package, but with our own libs in the copy. */
function linkPackages(root: string, copy: string): void {
  mkdirSync(join(copy, 'node_modules/@gomon'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@gomon')
      symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  for (const name of readdirSync(join(root, 'node_modules/@gomon')))
    symlinkSync(
      readlinkSync(join(root, 'node_modules/@gomon', name)),
      join(copy, 'node_modules/@gomon', name),
    );
  for (const project of ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name)),
  )) {
    const own = join(root, project, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(copy, project, 'node_modules'));
  }
}

/** Throws unless the place is there exactly once. */
export function replaceOnce(source: string, { file, from, to }: Replacement): string {
  const pieces = source.split(from);
  if (pieces.length !== 2)
    throw new Error(`${file} holds ${pieces.length - 1} times, not once: ${from}`);
  return pieces.join(to);
}

/**
 * Applies a unified diff to the files in `tree`, or only looks whether it can. Of the lines around a change only the nearest on each
 * side have to be as they were. Throws when a change has no place.
 */
export function applyPatch(tree: string, patch: string, { check = false } = {}): void {
  const env = { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: dirname(resolve(tree)) }; // In a repository above, git would skip the files.
  execFileSync('git', ['apply', '-C1', ...(check ? ['--check'] : []), resolve(patch)], {
    cwd: tree,
    env,
    stdio: 'pipe',
  });
}
