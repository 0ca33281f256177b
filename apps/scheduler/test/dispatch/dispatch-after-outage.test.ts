import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { dispatchDueChecks } from '../../src/dispatch/dispatch-due-checks.ts';
import { openDispatching, rememberProgress, SHARDS, type Dispatching } from './dispatching.ts';
import { createMonitor } from '../fixtures.ts';

const SHARD = 1;
let dispatching: Dispatching;
let start: number;

beforeAll(async () => {
  dispatching = await openDispatching();
});
beforeEach(async () => {
  await dispatching.reset();
  start = await dispatching.now();
});
afterAll(() => dispatching.close());

/** A monitor with a slot at this second, and none before it in this test when the interval is long. */
const createMonitorDueAt = async (slot: number, intervalSeconds: number) =>
  (
    await createMonitor(dispatching.db, {
      shard: SHARD,
      intervalSeconds,
      phase: slot % intervalSeconds,
    })
  ).id;

/** What was queued, with its delay in seconds. */
async function dispatched() {
  const jobs = await dispatching.probes.getJobs(['waiting', 'delayed']);
  return jobs
    .flatMap((job) =>
      dispatching.checksOf([job]).map((check) => ({ ...check, delaySeconds: job.delay / 1000 })),
    )
    .sort((a, b) => b.slot - a.slot);
}

describe('after an outage', () => {
  test("the newest checks come late, one second's worth every ten, and a gap records the others", async () => {
    const ids = await Promise.all(
      [100, 99, 94, 93].map((second) => createMonitorDueAt(start + second, 3600)),
    );
    await dispatching.tick(100);
    expect(await dispatched()).toEqual([
      { monitorId: ids[0], slot: start + 100, delaySeconds: 0 },
      { monitorId: ids[1], slot: start + 99, delaySeconds: 10 },
      { monitorId: ids[2], slot: start + 94, delaySeconds: 60 },
    ]);
    expect(await dispatching.gaps()).toEqual([{ shard: SHARD, from: start, through: start + 93 }]);
  });

  test('a check whose next slot would come first is skipped', async () => {
    const id = await createMonitorDueAt(start + 100, 10);
    await createMonitorDueAt(start + 99, 10);
    await dispatching.tick(100);
    expect(await dispatched()).toEqual([{ monitorId: id, slot: start + 100, delaySeconds: 0 }]);
    expect(await dispatching.gaps()).toEqual([{ shard: SHARD, from: start, through: start + 99 }]);
  });

  test('of up to three seconds all checks come at once, without a gap', async () => {
    const ids = await Promise.all(
      [1, 2, 3].map((second) => createMonitorDueAt(start + second, 10)),
    );
    await dispatching.tick(3);
    expect(await dispatched()).toEqual(
      [2, 1, 0].map((i) => ({ monitorId: ids[i], slot: start + i + 1, delaySeconds: 0 })),
    );
    expect(await dispatching.gaps()).toEqual([]);
  });

  test('adjacent gaps become one', async () => {
    await createMonitorDueAt(start, 10);
    for (const seconds of [50, 1, 50, 50]) {
      await dispatching.tick(seconds);
      await dispatching.takeAll();
    }
    await rememberProgress(dispatching.deps.progress, [SHARD], start + 150); // So what came after the third gap is lost.
    await dispatching.tick();
    expect(await dispatching.gaps()).toEqual([
      { shard: SHARD, from: start, through: start + 49 },
      { shard: SHARD, from: start + 51, through: start + 100 },
      { shard: SHARD, from: start + 101, through: start + 151 },
    ]);
  });
});

describe("when the queue's Redis has lost its data", () => {
  test('the newest checks without a row are dispatched again, and a gap records the rest', async () => {
    const [lost, stored] = await Promise.all(
      [10, 9, 2].map((second) => createMonitorDueAt(start + second, 3600)),
    );
    await dispatching.tick(10);
    const moments = { slot: new Date((start + 9) * 1000), checkedAt: new Date((start + 9) * 1000) };
    await dispatching.db.check.create({
      data: { shard: SHARD, monitorId: stored ?? '', outcome: 'success', ...moments },
    });
    await dispatching.redis.flushdb();
    await dispatching.tick();
    expect(await dispatched()).toEqual([{ monitorId: lost, slot: start + 10, delaySeconds: 10 }]);
    expect(await dispatching.gaps()).toContainEqual({
      shard: SHARD,
      from: start + 10 - 3600,
      through: start + 10,
    });
    expect((await dispatching.deps.progress.read([SHARD])).slots).toEqual(
      new Map([[SHARD, start + 11]]),
    );
  });

  test('checks that it remembers are not dispatched again', async () => {
    const [, lost] = await Promise.all(
      [7, 8].map((second) => createMonitorDueAt(start + second, 3600)),
    );
    for (let i = 0; i < 9; i++) await dispatching.tick();
    await dispatching.probes.obliterate({ force: true });
    await rememberProgress(dispatching.deps.progress, [SHARD], start + 7);
    await dispatching.tick();
    expect((await dispatched()).map(({ monitorId }) => monitorId)).toEqual([lost]);
    expect(await dispatching.gaps()).toEqual([
      { shard: SHARD, from: start + 7, through: start + 9 },
    ]);
  });

  test('checks lost while they are added are dispatched again or recorded in a gap', async () => {
    const [lost] = await Promise.all(
      [3, 4].map((second) => createMonitorDueAt(start + second, 3600)),
    );
    for (let i = 0; i < 2; i++) await dispatching.tick();
    await dispatching.advance(1);
    const { probes } = dispatching;
    const flushed = Object.assign(Object.create(probes) as typeof probes, {
      addBulk: async (jobs: Parameters<typeof probes.addBulk>[0]) => {
        const added = await probes.addBulk(jobs);
        await dispatching.redis.flushdb();
        return added;
      },
    });
    await expect(
      dispatchDueChecks([SHARD], null, { ...dispatching.deps, probes: flushed }),
    ).rejects.toThrow('lost its data');
    await dispatching.tick(0);
    expect((await dispatched()).map(({ monitorId }) => monitorId)).toEqual([lost]);
    expect(await dispatching.gaps()).toContainEqual({
      shard: SHARD,
      from: start + 2 - 3600,
      through: start + 2,
    });
  });

  test('a new database has lost nothing, even with monitors before the first dispatch', async () => {
    await createMonitor(dispatching.db, {
      shard: SHARD,
      intervalSeconds: 3600,
      ageSeconds: Date.now() / 1000 - start - 1,
    });
    await dispatching.redis.flushdb();
    await dispatching.tick(2);
    expect(await dispatching.gaps()).toEqual([]);
  });

  test('a shard without monitors records no gap', async () => {
    await dispatching.redis.flushdb();
    await dispatching.tick();
    expect(await dispatching.gaps()).toEqual([]);
  });
});

test('a shard that cannot be dispatched delays no other', async () => {
  await Promise.all(
    SHARDS.map((shard) => createMonitor(dispatching.db, { shard, intervalSeconds: 1 })),
  );
  await dispatching.db.$executeRawUnsafe(
    `ALTER TABLE shards ADD CONSTRAINT stuck CHECK (id <> ${SHARD}) NOT VALID`,
  );
  try {
    await expect(dispatching.tick()).rejects.toThrow('1 of 1 dispatches failed');
    await expect(dispatching.tick()).rejects.toThrow('1 of 2 dispatches failed');
    const shards = (await dispatching.probes.getWaiting()).map((job) => job.data.shard);
    expect(shards).toContain(SHARDS.find((shard) => shard !== SHARD));
  } finally {
    await dispatching.db.$executeRaw`ALTER TABLE shards DROP CONSTRAINT stuck`;
  }
  await dispatching.tick();
});
