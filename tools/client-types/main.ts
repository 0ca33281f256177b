import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { clientTypes, TYPES_FILE } from './client-types.ts';

const file = fileURLToPath(new URL(`../../${TYPES_FILE}`, import.meta.url));
const types = await clientTypes();

if (!process.argv.includes('--check')) writeFileSync(file, types);
else if (readFileSync(file, 'utf8') !== types) {
  console.error(`${TYPES_FILE} is not what the API describes: run npx nx regenerate client`);
  process.exitCode = 1;
}
