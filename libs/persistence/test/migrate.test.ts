import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@gomon/test-support';
import pg from 'pg';
import { migrate } from '../src/index.ts';

let database: TestDatabase;
let client: pg.Client;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gomon-migrations-'));
  await client.query('DROP TABLE _prisma_migrations');
  await client.query('DROP TABLE IF EXISTS one, two');
});
afterEach(() => rmSync(directory, { recursive: true }));
afterAll(async () => {
  await client.end();
  await database.drop();
});

function write(name: string, sql: string): void {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'migration.sql'), sql);
}

test('applies new migrations once, in the order of their names', async () => {
  write('2_two', 'CREATE TABLE two (LIKE one)');
  write('1_one', 'CREATE TABLE one (id int)');
  expect(await migrate(database.url, directory)).toEqual(['1_one', '2_two']);
  expect(await migrate(database.url, directory)).toEqual([]);
});

test('applies each migration once when many start at the same time', async () => {
  write('1_one', 'CREATE TABLE one (id int); SELECT pg_sleep(0.2)');
  const applied = await Promise.all(
    Array.from({ length: 5 }, () => migrate(database.url, directory)),
  );
  expect(applied.flat()).toEqual(['1_one']);
});

test('rolls a failed migration back, reports which and why, and applies it once it is fixed', async () => {
  write('1_one', 'CREATE TABLE one (id int); SELECT 1 / 0');
  await expect(migrate(database.url, directory)).rejects.toThrow(
    'migration 1_one failed: division by zero',
  );
  expect((await client.query(`SELECT to_regclass('one') AS found`)).rows).toEqual([
    { found: null },
  ]);
  write('1_one', 'CREATE TABLE one (id int)');
  expect(await migrate(database.url, directory)).toEqual(['1_one']);
});

test('refuses a migration that was edited after it was applied', async () => {
  write('1_one', 'CREATE TABLE one (id int)');
  await migrate(database.url, directory);
  write('1_one', 'CREATE TABLE one (id bigint)');
  await expect(migrate(database.url, directory)).rejects.toThrow(
    'migration 1_one was edited after it was applied',
  );
});

test("runs functions and other texts with ';' unchanged", async () => {
  write('1_one', `DO $$ BEGIN EXECUTE 'CREATE TABLE one (id int)'; END $$;`);
  expect(await migrate(database.url, directory)).toEqual(['1_one']);
});
