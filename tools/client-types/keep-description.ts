// Runs before each release: keeps the API's description, against which the changes after the release are checked.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { readDescription } from './client-types.ts';
import { LAST_RELEASE } from './compatibility.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isRehearsal = process.env['NX_DRY_RUN'] === 'true';

const config = await resolveConfig(`${root}${LAST_RELEASE}`);
const description = await format(JSON.stringify(await readDescription()), {
  ...config,
  parser: 'json',
});
if (isRehearsal) console.log(`Would write ${LAST_RELEASE}`);
else {
  writeFileSync(`${root}${LAST_RELEASE}`, description);
  execFileSync('git', ['add', LAST_RELEASE], { cwd: root }); // The release's commit holds what is staged.
}
