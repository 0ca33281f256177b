import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@gomon/test-support';
import { root, run } from './run.ts';

const READS = readFileSync(join(root, 'tests/repository/seeded-reads.ts'), 'utf8').split('\n');

let database: TestDatabase;
let faults: { line: number; what: string }[];
beforeAll(async () => {
  database = await createTestDatabase();
  const args = ['--no-warnings', 'tests/repository/check-seeded-reads.ts'];
  const { output } = await run(args, { env: { DATABASE_URL: database.url } });
  faults = (JSON.parse(output) as string[]).map((fault) => {
    const [, line = '', what = ''] = /^.*?:(\d+): (.*)$/.exec(fault) ?? [];
    return { line: Number(line), what };
  });
});
afterAll(() => database.drop());

test('a row type that is not what the database answers with is a fault', () => {
  expect(faultsOf('wrongType')).toEqual(['"id" is declared number, and a column of type uuid']);
  expect(faultsOf('missingColumn')).toEqual(['"name" is declared, and no column']);
  expect(faultsOf('undeclaredColumn')).toEqual(['"name" is a column, and not declared']);
  expect(faultsOf('unknownColumn')).toEqual([expect.stringContaining('"identity" does not exist')]);
  expect(faultsOf('wrongWrite')).toEqual([expect.stringContaining('"nme"')]);
  expect(faultsOf('nullOfColumn')).toEqual(['"at" is declared Date, and may be null']);
  expect(faultsOf('nullOfOuterJoin')).toContain('"lastSlot" is declared Date, and may be null');
  expect(faultsOf('nullOfNoRows')).toEqual(['"most" is declared number, and may be null']);
  expect(faultsOf('needlessNull')).toEqual(['"id" is declared string | null, and never null']);
  expect(faultsOf('otherLabel')).toEqual([
    `"outcome" is declared "success" | "failure", and may be 'unknown'`,
  ]);
  expect(faultsOf('otherText')).toEqual([expect.stringContaining(`may be 'stale', 'pending'`)]);
  expect(faultsOf('wideNumber')).toEqual(['"count" is declared number, and a column of type int8']);
  expect(faultsOf('wrongInOneForm')).toEqual(['"name" is declared string, and may be null']);
  expect(faultsOf('wrongByCaller')).toEqual([
    '"value" is declared string, and a column of type int4',
  ]);
  expect(faultsOf('unclear')).toEqual([expect.stringContaining('is not clear from the code')]);
  expect(faultsOf('needlessTrust')).toEqual(['"id" needs no trust']);
  expect(faultsOf('inferred')).toEqual(['"id" is declared Date, and a column of type uuid']);
});

test('a row type that is what the database answers with is none', () => {
  expect(faultsOf('right')).toEqual([]);
  expect(faultsOf('rightByCondition')).toEqual([]);
  expect(faultsOf('rightOnTrust')).toEqual([]);
});

/** From the line of this function up to that of the next one. */
function faultsOf(name: string): string[] {
  const first = READS.findIndex((text) =>
    new RegExp(`^(export )?(const|function) ${name}\\b`).test(text),
  );
  const next = READS.findIndex((text, i) => i > first && /^(export )?(const|function) /.test(text));
  const isOurs = (line: number) => line > first && (next === -1 || line <= next);
  expect(first).toBeGreaterThan(0);
  return faults.filter(({ line }) => isOurs(line)).map(({ what }) => what);
}
