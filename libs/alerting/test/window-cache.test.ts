import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestRedis, type TestRedis } from '@gomon/test-support';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { createWindowCache, type WindowUpdate } from '../src/index.ts';

let server: TestRedis;
let redis: Redis;
let rows: Map<string, { slot: number; failed: boolean }[]>;

beforeAll(async () => {
  server = await createTestRedis();
  redis = new Redis(server.url);
});
beforeEach(async () => {
  await redis.flushdb();
  rows = new Map();
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});

const windowSeconds = 10;

/** What storing does before recording: the rows come first. */
function stored(
  monitorId: string,
  checks: readonly { slot: number; failed: boolean }[],
): WindowUpdate {
  const slots = checks.map((check) => check.slot);
  const failures = checks.filter((check) => check.failed).map((check) => check.slot);
  rows.set(monitorId, [...(rows.get(monitorId) ?? []), ...checks]);
  return {
    monitorId,
    windowSeconds,
    failures,
    oldestSlot: Math.min(...slots),
    newestSlot: Math.max(...slots),
  };
}

function cacheOfRows() {
  return createWindowCache([redis], async (_, updates) => {
    const known = (update: WindowUpdate) =>
      (rows.get(update.monitorId) ?? []).filter(
        (check) => check.slot > update.newestSlot - windowSeconds,
      );
    return new Map(
      updates.map((update) => {
        const checks = known(update);
        const failures = checks.filter((check) => check.failed).map((check) => check.slot);
        return [
          update.monitorId,
          { failures, newestSlot: Math.max(...checks.map((check) => check.slot)) },
        ];
      }),
    );
  });
}

const failed = (slot: number) => ({ slot, failed: true });
const succeeded = (slot: number) => ({ slot, failed: false });

test('counts the failures in (newest − window, newest]', async () => {
  const cache = cacheOfRows();
  await cache.record(0, [stored('a', [failed(1)])]);
  await cache.record(0, [stored('a', [failed(5)])]);
  expect((await cache.record(0, [stored('a', [succeeded(10)])])).get('a')?.failures).toBe(2);
  expect((await cache.record(0, [stored('a', [succeeded(11)])])).get('a')?.failures).toBe(1);
  expect((await cache.record(0, [stored('a', [succeeded(15)])])).get('a')?.failures).toBe(0);
});

test('keeps nothing for a monitor without failures in the window', async () => {
  const cache = cacheOfRows();
  expect(await cache.record(0, [stored('a', [succeeded(1)])])).toEqual(new Map());
  await cache.record(0, [stored('a', [failed(2)])]);
  expect(await redis.keys('gomon:window:*')).toHaveLength(1);
  await cache.record(0, [stored('a', [succeeded(12)])]);
  expect(await redis.dbsize()).toBe(0);
});

test('reports an update as late when a newer slot was recorded before', async () => {
  const cache = cacheOfRows();
  expect((await cache.record(0, [stored('a', [failed(5)])])).get('a')?.late).toBe(false);
  expect((await cache.record(0, [stored('a', [succeeded(7)])])).get('a')?.late).toBe(false);
  expect((await cache.record(0, [stored('a', [succeeded(6)])])).get('a')?.late).toBe(true);
});

test('rebuilds a lost window from the rows before it counts', async () => {
  const cache = cacheOfRows();
  await cache.record(0, [stored('a', [failed(1)]), stored('b', [failed(1)])]);
  await cache.record(0, [stored('a', [failed(2)]), stored('b', [failed(2)])]);
  await redis.flushdb();
  const states = await cache.record(0, [stored('a', [failed(3)]), stored('b', [succeeded(3)])]);
  expect(states.get('a')?.failures).toBe(3);
  expect(states.has('b')).toBe(false);
});

test('starts a new window when its length changes', async () => {
  const cache = cacheOfRows();
  await cache.record(0, [stored('a', [failed(1)])]);
  const longer = { ...stored('a', [failed(2)]), windowSeconds: 20 };
  expect((await cache.record(0, [longer])).get('a')?.failures).toBe(2);
  expect(await redis.keys('*:20')).toHaveLength(1);
});

test('ignores windows of an earlier run of the server', async () => {
  const cache = cacheOfRows();
  await cache.record(0, [stored('a', [failed(1)])]);
  const [key = ''] = await redis.keys('gomon:window:*');
  await redis.rename(key, key.replace(/[0-9a-f]{40}/, '0'.repeat(40)));
  rows.set('a', [failed(0), failed(1)]);
  expect((await cache.record(0, [stored('a', [failed(2)])])).get('a')?.failures).toBe(3);
});

test('lets everything expire', async () => {
  await cacheOfRows().record(0, [stored('a', [failed(1)])]);
  const keys = await redis.keys('*');
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(await redis.ttl(key)).toBeGreaterThan(windowSeconds);
});

test('answers for each of thousands of monitors, whatever they have in common', async () => {
  const cache = cacheOfRows();
  const ids = Array.from(
    { length: 2500 },
    (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
  );
  await cache.record(
    0,
    ids.map((id, i) => stored(id, [failed(i % 3)])),
  );
  const states = await cache.record(
    0,
    ids.map((id, i) => stored(id, [i % 2 ? failed(5) : succeeded(5)])),
  );
  expect(ids.map((id) => states.get(id)?.failures)).toEqual(ids.map((_, i) => (i % 2 ? 2 : 1)));
});

test('forgets deleted monitors', async () => {
  const cache = cacheOfRows();
  await cache.record(0, [stored('gone', [failed(1)])]);
  await cache.record(0, [stored('a', [failed(8000)])]);
  const [index = ''] = await redis.keys('gomon:windows:*');
  expect(await redis.zrange(index, '0', '-1')).toEqual(['a']);
});

test('reaches the same count in any order, with any repetition and any loss', async () => {
  const checks = fc.uniqueArray(
    fc.record({ slot: fc.integer({ min: 1, max: 40 }), failed: fc.boolean() }),
    {
      selector: (check) => check.slot,
      minLength: 1,
      maxLength: 20,
    },
  );
  const run = checks.chain((list) =>
    fc.record({
      list: fc.constant(list),
      deliveries: fc.shuffledSubarray([...list, ...list], { minLength: list.length }),
      flushes: fc.uniqueArray(fc.nat(40), { maxLength: 3 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(run, async ({ list, deliveries, flushes }) => {
      await redis.flushdb();
      rows = new Map();
      const cache = cacheOfRows();
      for (const [i, check] of [...deliveries, ...list].entries()) {
        if (flushes.includes(i)) await redis.flushdb();
        await cache.record(0, [stored('a', [check])]);
      }
      const newest = Math.max(...list.map((check) => check.slot));
      const expected = list.filter(
        (check) => check.failed && check.slot > newest - windowSeconds,
      ).length;
      const last = list.find((check) => check.slot === newest);
      const state = (await cache.record(0, [stored('a', last ? [last] : [])])).get('a');
      if (state) expect(state.failures).toBe(expected);
      else if (last?.failed) expect(state).toBeDefined();
    }),
    { numRuns: 100 },
  );
});

test('a window that could not be filled is filled when its update comes again', async () => {
  const earlier = [stored('a', [failed(3)]), stored('a', [failed(4)])];
  expect(earlier).toHaveLength(2); // Their windows are lost.
  const update = stored('a', [failed(5)]);
  const broken = createWindowCache([redis], () => Promise.reject(new Error('no rows today')));
  await expect(broken.record(0, [update])).rejects.toThrow('no rows today');
  expect((await cacheOfRows().record(0, [update])).get('a')).toEqual({ failures: 3, late: false });
  await cacheOfRows().record(0, [stored('a', [failed(6)])]);
  expect((await broken.record(0, [stored('a', [failed(7)])])).get('a')?.failures).toBe(5);
});
