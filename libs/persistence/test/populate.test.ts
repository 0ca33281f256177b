import { phaseOf, shardOf } from '@gomon/domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  addNumberedMonitors,
  createUser,
  findMonitor,
  listMonitors,
  type Db,
} from '../src/index.ts';
import { dueChecks } from '../src/pipeline/index.ts';
import { openTestDb } from './open-test-db.ts';

const SHARD_COUNT = 4;
let stores: Awaited<ReturnType<typeof openTestDb>>;
let db: Db;
let ownerId: string;

beforeAll(async () => {
  stores = await openTestDb();
  db = stores.db;
  ownerId = (await createUser(db, { username: 'crowd', passwordHash: 'none' })).id;
});
afterAll(() => stores.close());

const add = (from: number, through: number, owner = ownerId) =>
  addNumberedMonitors(
    db,
    {
      ownerId: owner,
      name: 'site',
      url: 'http://target/',
      intervalSeconds: 60,
      threshold: 3,
      shardCount: SHARD_COUNT,
    },
    from,
    through,
  );

test('adds each number once, whatever exists and however many processes add at the same time', async () => {
  expect(await add(1, 3)).toBe(3);
  const added = await Promise.all([add(2, 10), add(2, 10)]);
  expect(added.reduce((sum, count) => sum + count)).toBe(7);
  const monitors = await listMonitors(db, ownerId, { limit: 100 });
  expect(monitors.map(({ name, target }) => `${name} ${target}`).sort()).toEqual(
    Array.from({ length: 10 }, (_, i) => `site ${i + 1} http://target/${i + 1}`).sort(),
  );
});

test('an added monitor equals one from the api, and is due at the slots of its grid', async () => {
  const { id: owner } = await createUser(db, { username: 'one', passwordHash: 'none' });
  await add(1, 1, owner);
  const [{ id } = { id: '' }] = await listMonitors(db, owner, { limit: 1 });
  expect(await findMonitor(db, owner, id)).toMatchObject({
    name: 'site 1',
    intervalSeconds: 60,
    timeoutMs: 10_000,
    windowSeconds: 300,
    threshold: 3,
    kind: 'http',
    target: 'http://target/1',
    settings: {
      url: 'http://target/1',
      method: 'GET',
      headers: {},
      expectedStatus: ['200'],
      followRedirects: true,
    },
    paused: false,
    version: 1,
  });
  const slot = Math.ceil(Date.now() / 60_000 + 1) * 60 + phaseOf(id, 60);
  const due = await dueChecks(db, [
    { shard: shardOf(id, SHARD_COUNT), intervalSeconds: 60, phase: phaseOf(id, 60), slot },
  ]);
  expect(due.map((check) => check.monitorId)).toContain(id);
});
