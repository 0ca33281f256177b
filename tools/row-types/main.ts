// node tools/row-types/main.ts: whether the rows of every statement of SQL in libs/persistence are what its code takes them for, by a
// database that the migrations build on a separate PostgreSQL. Prints what differs, and exits with 1.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '@gomon/persistence';
import { startPostgres } from '@gomon/test-support';
import { checkRowTypes, readProgram } from './check-row-types.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), `gomon-test-${process.pid}-`));
const postgres = await startPostgres({
  dataDir: join(directory, 'postgres'),
  logFile: join(directory, 'postgres.log'),
  password: randomBytes(16).toString('hex'),
  persistent: false,
  onProgress: () => undefined,
});
try {
  await migrate(postgres.url, join(root, 'prisma/migrations'));
  const source = join(root, 'libs/persistence/src/');
  const isChecked = (file: string) =>
    file.startsWith(source) && !file.includes('/generated/') && !file.endsWith('.test.ts');
  const { statements, rowTypes, forms, faults } = await checkRowTypes(
    postgres.url,
    readProgram(join(root, 'libs/persistence/tsconfig.json')),
    isChecked,
  );
  for (const fault of faults) console.log(fault.replace(root, ''));
  console.log(
    `${statements} statements in ${forms} forms, ${rowTypes} types of rows: ${faults.length} faults`,
  );
  if (faults.length > 0 || rowTypes === 0) process.exitCode = 1;
} finally {
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
}
