import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@gomon/test-support';
import pg from 'pg';
import { runAdmin } from './run-admin.ts';

/** An empty database beside the migrated one. */
const name = `test_empty_${randomBytes(6).toString('hex')}`;
let migrated: TestDatabase;
let sql: pg.Client;
let url: string;

beforeAll(async () => {
  migrated = await createTestDatabase();
  sql = new pg.Client({ connectionString: migrated.url });
  await sql.connect();
  await sql.query(`CREATE DATABASE ${name}`);
  url = Object.assign(new URL(migrated.url), { pathname: `/${name}` }).href;
});
afterAll(async () => {
  await sql?.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await sql?.end();
  await migrated?.drop();
});

test('an empty database is migrated, and one that is up to date stays as it is', async () => {
  const first = await runAdmin(['migrate'], { DATABASE_URL: url, SHARD_COUNT: '2' });
  expect(first).toEqual({ code: 0, output: expect.stringMatching(/^Applied \d+_\w+, /) });
  const second = await runAdmin(['migrate'], { DATABASE_URL: url, SHARD_COUNT: '2' });
  expect(second).toEqual({ code: 0, output: 'The database is up to date\n' });
});

test('the number of shards of an existing database cannot be changed', async () => {
  expect(await runAdmin(['migrate'], { DATABASE_URL: migrated.url, SHARD_COUNT: '5' })).toEqual({
    code: 1,
    output: 'gomon-admin migrate: SHARD_COUNT is 5, but this database was made with 4 shards\n',
  });
});

test('a number of shards that is none is refused before anything is changed', async () => {
  const { code, output } = await runAdmin(['migrate'], { DATABASE_URL: url, SHARD_COUNT: 'many' });
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringContaining('SHARD_COUNT must be integer'),
  });
});
