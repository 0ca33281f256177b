import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type Db } from '@gomon/persistence';
import { createTestDatabase, type TestDatabase } from '@gomon/test-support';
import { checkClock } from '../src/doctor/check-server.ts';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  const silent = () => undefined;
  db = connect({
    url: database.url,
    poolSize: 1,
    applicationName: 'test',
    statementTimeoutMs: 10_000,
    onConnectionError: silent,
  });
});
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

test.each([
  ['ahead of', 60_000],
  ['behind', -60_000],
])("a host whose clock is a minute %s the database's is a fault", async (direction, offset) => {
  expect(await checkClock(db, () => Date.now() + offset)).toEqual({
    verdict: 'fault',
    text: expect.stringMatching(
      new RegExp(`^this host's clock is \\d+\\.\\d s ${direction} the database's$`),
    ),
  });
});

test('an answer that takes long is no difference of the clocks', async () => {
  const start = Date.now();
  const times = [start - 30_000, start + 30_000];
  expect(await checkClock(db, () => times.shift() ?? 0)).toMatchObject({ verdict: 'ok' });
});
