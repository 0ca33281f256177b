// npm run audit: the licences of all packages, and what the registry knows against them. Ends with 1 when a licence is not allowed, or a
// shipped package has an advisory of moderate severity or more; with `-- --online` also when the registry cannot be asked.
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { findAdvisories } from './advisories.ts';
import { faultyLicences } from './licences.ts';
import { listPackages } from './packages.ts';

const { values } = parseArgs({ options: { online: { type: 'boolean', default: false } } });
const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = listPackages(root);
const shipped = new Set(packages.filter((it) => it.shipped).map((it) => it.name));

const licences = faultyLicences(packages);
console.log(
  `${packages.length} packages, of which ${shipped.size} are shipped; ${licences.length} with a licence that is not allowed`,
);
for (const line of licences) console.log(`  ${line}`);

const advisories = await findAdvisories(root);
const grave = (advisories ?? []).filter(
  ({ name, severity }) => shipped.has(name) && severity !== 'info' && severity !== 'low',
);
if (advisories === null)
  console.log('The registry answers no audit from here: nothing is known of advisories');
else
  console.log(
    `${advisories.length} packages with advisories, ${grave.length} of them shipped and moderate or worse`,
  );
for (const { name, severity } of advisories ?? [])
  console.log(`  ${name}: ${severity}${shipped.has(name) ? ', shipped' : ''}`);

if (licences.length > 0 || grave.length > 0 || (values.online && advisories === null))
  process.exitCode = 1;
