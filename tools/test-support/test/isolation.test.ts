import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createTestDatabase, createTestRedis } from '../src/index.ts';

test('gives each caller a migrated database that the others do not see', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const [inOne, inOther] = await Promise.all([connect(one.url), connect(other.url)]);
  await inOne.query('CREATE TABLE mine ()');
  expect((await inOne.query('SELECT id FROM shards')).rowCount).toBe(4);
  expect((await inOther.query("SELECT FROM pg_tables WHERE tablename = 'mine'")).rowCount).toBe(0);
  await Promise.all([inOne.end(), inOther.end()]);
  await Promise.all([one.drop(), other.drop()]);
  await expect(connect(one.url)).rejects.toMatchObject({ code: '3D000' });
});

test('gives each caller an empty Redis that the others do not see', async () => {
  const [one, other] = await Promise.all([createTestRedis(), createTestRedis()]);
  const [inOne, inOther] = [new Redis(one.url), new Redis(other.url)];
  await inOne.set('mine', '1');
  expect(await inOther.exists('mine')).toBe(0);
  await one.flush();
  expect(await inOne.exists('mine')).toBe(0);
  await inOne.quit();
  await inOther.quit();
  await Promise.all([one.close(), other.close()]);
});

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
