import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root, run } from './run.ts';

const env = { DATABASE_URL: process.env['TEST_POSTGRES_URL'] ?? '' };

test('the migrations build the database that schema.prisma describes', async () => {
  const { code, output } = await run(['--no-warnings', 'tools/schema-drift.ts'], { env });
  expect(output).toContain('agree');
  expect(code).toBe(0);
});

test('a schema that no migration built is shown with the SQL that is missing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'gomon-drift-'));
  const schema = readFileSync(join(root, 'prisma/schema.prisma'), 'utf8');
  writeFileSync(
    join(directory, 'schema.prisma'),
    schema.replace('@map("probe_version")', '@map("probe_edition")'),
  );
  const { code, output } = await run(
    ['--no-warnings', 'tools/schema-drift.ts', join(directory, 'schema.prisma')],
    { env },
  );
  rmSync(directory, { recursive: true });
  expect(code).toBe(2);
  expect(output).toContain('"probe_edition"');
});
