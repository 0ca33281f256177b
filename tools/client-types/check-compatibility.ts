// npx nx compatibility client: whether clients of the last release work with the API as it is. Ends with 1 when they do not.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readDescription } from './client-types.ts';
import { compare, LAST_RELEASE } from './compatibility.ts';

const { values } = parseArgs({
  options: { base: { type: 'string' }, revision: { type: 'string' } },
});
const base = values.base ?? fileURLToPath(new URL(`../../${LAST_RELEASE}`, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'gomon-description-'));

try {
  const comparison = await compare(base, values.revision ?? (await writeDescription()));
  if (comparison === null)
    console.log('Skipped: Go is not installed, and oasdiff needs it. CI runs this check.');
  else {
    console.log(comparison.report);
    if (!comparison.compatible) process.exitCode = 1;
  }
} finally {
  rmSync(directory, { recursive: true });
}

async function writeDescription(): Promise<string> {
  const file = join(directory, 'openapi.json');
  writeFileSync(file, JSON.stringify(await readDescription()));
  return file;
}
