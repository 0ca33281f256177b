// node tests/repository/check-seeded-reads.ts, with a DATABASE_URL: the faults of seeded-reads.ts, as JSON.
import { join } from 'node:path';
import { checkRowTypes, readProgram } from '../../tools/row-types/check-row-types.ts';
import { root } from './run.ts';

const file = join(root, 'tests/repository/seeded-reads.ts');
const program = readProgram(join(root, 'libs/persistence/tsconfig.json'), [file]);
const { faults } = await checkRowTypes(
  process.env['DATABASE_URL'] ?? '',
  program,
  (name) => name === file,
);
console.log(JSON.stringify(faults));
