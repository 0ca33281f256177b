// node tests/chaos/defects/refresh-patches.ts: writes each patch that still finds its place again, with the lines that are around it
// now. Names those that do not: make them by hand (docs/chaos.md). It then ends with exit code 1.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeError } from '@gomon/runtime';
import { applyPatch } from '../stack/tree.ts';
import { PATCHES_DIR, patchPath } from './patches.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

for (const name of readdirSync(PATCHES_DIR)) {
  const directory = mkdtempSync(join(tmpdir(), 'gomon-patch-'));
  try {
    writeFileSync(patchPath(name), refresh(patchPath(name), directory));
  } catch (error) {
    console.error(`${name}: ${describeError(error)}`);
    process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The difference between the sources as they are, in `a`, and with the patch, in `b`. */
function refresh(patch: string, directory: string): string {
  const files = [...readFileSync(patch, 'utf8').matchAll(/^--- a\/(.+)$/gm)].map(
    ([, file = '']) => file,
  );
  for (const side of ['a', 'b'])
    for (const file of files) cpSync(join(root, file), join(directory, side, file));
  applyPatch(join(directory, 'b'), patch);
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--no-prefix', 'a', 'b'], {
    cwd: directory,
    encoding: 'utf8',
  });
  return stdout.replaceAll(/^(diff --git|index) .*\n/gm, '');
}
