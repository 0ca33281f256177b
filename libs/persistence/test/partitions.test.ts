import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@gomon/test-support';
import pg from 'pg';
import { createShards, maintainPartitions, partitionsEnd } from '../src/index.ts';

const DAY_MS = 86_400_000;
let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url, options: '-c timezone=UTC' });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function partitions(like: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT c.relname AS name FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid WHERE c.relkind::text = $2 AND c.relname LIKE $1 ORDER BY 1',
    [like, 'r'],
  );
  return rows.map((row) => row.name);
}

const stamp = (days: number) =>
  new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');

/** A partition as it was created `days` days ago. */
async function addOldPartition(days: number): Promise<string> {
  const name = `checks_s1_${stamp(-days)}`;
  const [from, to] = [-days, 1 - days].map((offset) =>
    new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10),
  );
  await client.query(
    `CREATE TABLE ${name} PARTITION OF checks_s1 FOR VALUES FROM ('${from}') TO ('${to}')`,
  );
  return name;
}

test('a new database has partitions of every shard from yesterday to a week ahead', async () => {
  for (const shard of [0, 1, 2, 3]) {
    const names = await partitions(`checks_s${shard}_%`);
    expect(names).toEqual(Array.from({ length: 9 }, (_, i) => `checks_s${shard}_${stamp(i - 1)}`));
    expect(await partitions(`rollups_s${shard}_${stamp(0).slice(0, 6)}`)).toHaveLength(1);
  }
});

test("the planner's statistics follow new rows, not every change of a rollup", async () => {
  const settingsOf = async (name: string) => {
    const { rows } = await client.query<{ reloptions: string[] | null }>(
      'SELECT reloptions FROM pg_class WHERE relname = $1',
      [name],
    );
    return rows[0]?.reloptions;
  };
  expect(await settingsOf(`checks_s1_${stamp(0)}`)).toEqual(['autovacuum_analyze_scale_factor=1']);
  const ofRollups = ['fillfactor=45', 'autovacuum_analyze_scale_factor=60'];
  expect(await settingsOf(`rollups_s1_${stamp(0).slice(0, 6)}`)).toEqual(ofRollups);
});

test('a missing partition is created again, and existing ones stay unchanged', async () => {
  await client.query(`DROP TABLE checks_s2_${stamp(5)}`);
  expect(await maintainPartitions(database.url, 30)).toEqual({ created: 1, dropped: 0 });
  expect(await maintainPartitions(database.url, 30)).toEqual({ created: 0, dropped: 0 });
});

test('rows have partitions up to a week ahead, or up to the first missing one', async () => {
  const startOf = (days: number) =>
    new Date(new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10));
  expect(await partitionsEnd(database.url)).toEqual(startOf(8));
  await client.query(`DROP TABLE checks_s3_${stamp(6)}`);
  await client.query(`ALTER TABLE checks_s2 DETACH PARTITION checks_s2_${stamp(4)}`);
  expect(await partitionsEnd(database.url)).toEqual(startOf(4));
  await client.query(`DROP TABLE checks_s2_${stamp(4)}`);
  await maintainPartitions(database.url, 30);
  expect(await partitionsEnd(database.url)).toEqual(startOf(8));
});

test('the partition of a day is dropped once the whole day is older than the retention', async () => {
  const [kept, dropped] = [await addOldPartition(30), await addOldPartition(31)];
  await maintainPartitions(database.url, 30);
  const names = await partitions('checks_s1_%');
  expect(names).toContain(kept);
  expect(names).not.toContain(dropped);
});

test('an interrupted drop is finished', async () => {
  const name = await addOldPartition(40);
  await client.query(`ALTER TABLE checks_s1 DETACH PARTITION ${name}`);
  expect(await maintainPartitions(database.url, 30)).toEqual({ created: 0, dropped: 1 });
  expect((await client.query('SELECT to_regclass($1) AS found', [name])).rows).toEqual([
    { found: null },
  ]);
});

test('a partition in use is left for the next run, and its shard stays writable', async () => {
  await addOldPartition(50);
  const reader = new pg.Client({ connectionString: database.url });
  await reader.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT count(*) FROM checks_s1');
  const dropping = maintainPartitions(database.url, 30);
  await client.query(
    `INSERT INTO checks (shard, monitor_id, slot, outcome, checked_at) VALUES (1, gen_random_uuid(), date_trunc('second', now()), 'success', now())`,
  );
  expect(await dropping).toEqual({ created: 0, dropped: 0 });
  await reader.query('COMMIT');
  await reader.end();
  expect(await maintainPartitions(database.url, 30)).toEqual({ created: 0, dropped: 1 });
});

test('only one process at a time maintains partitions', async () => {
  const reports = await Promise.all([0, 1, 2].map(() => maintainPartitions(database.url, 30)));
  expect(reports.some((report) => report !== null)).toBe(true);
});

test('the number of shards can never change', async () => {
  await expect(createShards(database.url, 8)).rejects.toThrow(
    'SHARD_COUNT is 8, but this database was made with 4 shards',
  );
  await expect(createShards(database.url, 4)).resolves.toBeUndefined();
});
