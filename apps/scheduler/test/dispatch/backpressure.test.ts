import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { QUEUE_PREFIX, RESULT_JOB_OPTIONS, resultQueueName } from '@gomon/queue-contracts';
import { Queue } from 'bullmq';
import type { SkippedCheck } from '../../src/dispatch/skipped-checks-log.ts';
import {
  SHARDS,
  liesIn,
  openDispatching,
  rememberProgress,
  slotsBetween,
  type Check,
  type Dispatching,
} from './dispatching.ts';
import { createMonitor } from '../fixtures.ts';

jest.setTimeout(60_000);

interface Grid {
  readonly id: string;
  readonly shard: number;
  readonly phase: number;
  readonly intervalSeconds: number;
}

let dispatching: Dispatching;
let monitors: Grid[];
let start: number;

beforeAll(async () => {
  dispatching = await openDispatching();
});
beforeEach(async () => {
  await dispatching.reset();
  start = await dispatching.now();
  monitors = [];
  for (const intervalSeconds of [10, 30, 3600])
    for (const shard of SHARDS)
      for (let i = 0; i < 3; i++) {
        const settings = {
          shard,
          intervalSeconds,
          phase: Math.floor(Math.random() * intervalSeconds),
        };
        monitors.push({ ...(await createMonitor(dispatching.db, settings)), intervalSeconds });
      }
});
afterAll(() => dispatching.close());

/** Runs this many ticks; returns what probers took: everything, unless they are away. */
async function run(ticks: number, probers: 'working' | 'away'): Promise<Check[]> {
  const taken: Check[] = [];
  for (let i = 0; i < ticks; i++) {
    await dispatching.tick();
    if (probers === 'working') taken.push(...(await dispatching.takeAll()));
    expectOneWaitingEach(await dispatching.waiting());
  }
  return taken;
}

function expectOneWaitingEach(checks: readonly Check[]): void {
  expect(new Set(checks.map((check) => check.monitorId)).size).toBe(checks.length);
}

/** Every slot of every monitor was taken once or is in a gap; returns those not taken. */
async function missedSlots(taken: readonly Check[]): Promise<Check[]> {
  const gaps = await dispatching.gaps();
  const end = await dispatching.now();
  expect(new Set(taken.map(({ monitorId, slot }) => `${monitorId} ${slot}`)).size).toBe(
    taken.length,
  );
  return monitors.flatMap(({ id, shard, intervalSeconds, phase }) => {
    const slots = taken.filter((check) => check.monitorId === id).map((check) => check.slot);
    const missed = slotsBetween(start, end, intervalSeconds, phase).filter(
      (slot) => !slots.includes(slot),
    );
    expect(missed.filter((slot) => !liesIn(gaps, shard, slot))).toEqual([]);
    return missed.map((slot) => ({ monitorId: id, slot }));
  });
}

async function checksSkipped(): Promise<number> {
  const { values } = await dispatching.metrics.checksSkipped.get();
  return values.find(({ labels }) => labels.cause === 'probers')?.value ?? 0;
}

test('while probers keep up, no check is skipped', async () => {
  expect(await missedSlots(await run(35, 'working'))).toEqual([]);
  expect(await dispatching.gaps()).toEqual([]);
});

describe('while probers are away', () => {
  test('one check of each monitor waits, one gap records the others, and afterwards all continues', async () => {
    const before = await checksSkipped();
    const taken = await run(5, 'working');
    const awaySince = await dispatching.now();
    await run(60, 'away');
    expect(await dispatching.waiting()).toHaveLength(
      monitors.filter(
        ({ intervalSeconds, phase }) =>
          slotsBetween(awaySince, awaySince + 60, intervalSeconds, phase).length > 0,
      ).length,
    );
    taken.push(...(await run(1, 'working')));
    const back = await dispatching.now();
    const afterwards = await run(12, 'working');

    const missed = await missedSlots([...taken, ...afterwards]);
    expect(missed.filter(({ slot }) => slot <= awaySince + 10 || slot > back)).toEqual([]);
    expect(missed.length).toBeGreaterThan(20);
    const gaps = await dispatching.gaps();
    expect(gaps.map(({ shard }) => shard)).toEqual(SHARDS);
    expect(gaps.every(({ from, through }) => from >= awaySince + 9 && through <= back)).toBe(true);
    expect((await checksSkipped()) - before).toBe(missed.length);
  });

  test('the log says so once per shard, and again at the end', async () => {
    const before = await checksSkipped();
    await run(30, 'away');
    const lines = () => dispatching.told as SkippedCheck[];
    expect(
      lines()
        .map(({ shard }) => shard)
        .sort(),
    ).toEqual(SHARDS);
    await dispatching.takeAll();
    await run(2, 'working');
    expect(lines()).toHaveLength(2 * SHARDS.length);
    expect(lines().reduce((sum, { checks }) => sum + checks, 0)).toBe(
      (await checksSkipped()) - before,
    );
    const ofShard = lines().filter(({ shard }) => shard === 1);
    expect([ofShard[0]?.through, ofShard[1]?.through]).toEqual([ofShard[1]?.after, start + 30]);
  });

  test('a restarted scheduler adds nothing to what waits', async () => {
    await run(15, 'away');
    for (let i = 0; i < 12; i++) {
      dispatching.restart();
      await run(1, 'away');
    }
  });

  test("what the queue's Redis lost is not dispatched on top of what waits", async () => {
    await run(20, 'away');
    await rememberProgress(dispatching.deps.progress, SHARDS, (await dispatching.now()) - 15);
    await run(10, 'away');
  });

  test('checks that users request wait in the database, and run afterwards', async () => {
    const { id = '' } = monitors.find(({ intervalSeconds }) => intervalSeconds === 3600) ?? {};
    await run(10, 'away');
    const asked = await dispatching.now();
    for (let i = 0; i < 5; i++) {
      const immediateSlot = new Date((await dispatching.now()) * 1000);
      await dispatching.db.monitor.update({
        where: { id },
        data: { immediateSlot, immediatePending: true },
      });
      await run(1, 'away');
    }
    await dispatching.takeAll();
    const taken = await run(3, 'working');
    expect(taken.filter(({ monitorId }) => monitorId === id)).toEqual([
      { monitorId: id, slot: asked + 4 },
    ]);
  });
});

test('a job that a prober returned causes no gap', async () => {
  const taken = await run(10, 'working');
  await dispatching.tick();
  let held = await dispatching.take();
  while (!held) {
    await dispatching.tick();
    held = await dispatching.take();
  }
  taken.push(...(await dispatching.takeAll()));
  taken.push(...(await run(35, 'working')));
  for (let i = 0; i < 3; i++) {
    await dispatching.giveBack(held);
    await dispatching.tick();
    held = (await dispatching.take()) ?? held;
    taken.push(...(await dispatching.takeAll()));
    taken.push(...(await run(1, 'working')));
  }
  expect(await dispatching.gaps()).toEqual([]);
  expect(await missedSlots([...taken, ...dispatching.checksOf([held])])).toEqual([]);
});

test('dispatch of a shard pauses while its results are not stored', async () => {
  const queue = new Queue(resultQueueName(1), {
    connection: dispatching.redis,
    prefix: QUEUE_PREFIX,
  });
  const taken = await run(5, 'working');
  await queue.addBulk(
    Array.from({ length: 2001 }, () => ({ name: 'results', data: {}, opts: RESULT_JOB_OPTIONS })),
  );
  const behindSince = await dispatching.now();
  taken.push(...(await run(20, 'working')));
  await queue.obliterate({ force: true });
  const doneAt = await dispatching.now();
  taken.push(...(await run(15, 'working')));
  await queue.close();

  const missed = await missedSlots(taken);
  expect(missed.length).toBeGreaterThan(3);
  const ofShard = new Set(monitors.filter(({ shard }) => shard === 1).map(({ id }) => id));
  expect(
    missed.filter(
      ({ monitorId, slot }) => !ofShard.has(monitorId) || slot <= behindSince || slot > doneAt,
    ),
  ).toEqual([]);
  expect(await dispatching.gaps()).toEqual([{ shard: 1, from: behindSince, through: doneAt }]);
});
