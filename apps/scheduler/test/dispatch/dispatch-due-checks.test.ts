import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PROBE_QUEUE, QUEUE_PREFIX, type ProbeJobData } from '@gomon/queue-contracts';
import { Queue } from 'bullmq';
import { dispatchDueChecks, type DispatchDeps } from '../../src/dispatch/dispatch-due-checks.ts';
import { createSkippedChecksLog } from '../../src/dispatch/skipped-checks-log.ts';
import { createBackpressure } from '../../src/dispatch/backpressure.ts';
import { createQueueProgress } from '../../src/dispatch/queue-progress.ts';
import { rememberProgress } from './dispatching.ts';
import { createMonitor, openStores, secondsNow } from '../fixtures.ts';

const SHARD = 1;
let stores: Awaited<ReturnType<typeof openStores>>;
let probes: Queue<ProbeJobData>;
let deps: DispatchDeps;

beforeAll(async () => {
  stores = await openStores();
  probes = new Queue(PROBE_QUEUE, { connection: stores.redis, prefix: QUEUE_PREFIX });
  deps = {
    ...stores,
    probes,
    progress: createQueueProgress(stores.redis),
    backlog: createBackpressure(probes, stores.redis),
    skippedLog: createSkippedChecksLog(stores.logger),
  };
});
beforeEach(() => setDispatchedThrough(secondsNow() - 1));
afterEach(async () => {
  await probes.obliterate({ force: true });
  await stores.db.gap.deleteMany();
  await stores.db.monitor.deleteMany();
});
afterAll(async () => {
  await probes.close();
  await stores.close();
});

async function setDispatchedThrough(slot: number): Promise<void> {
  await rememberProgress(deps.progress, [SHARD], slot);
  await stores.db.shard.update({
    where: { id: SHARD },
    data: { dispatchedThrough: new Date(slot * 1000) },
  });
}

async function dispatchedThrough(): Promise<number> {
  const row = await stores.db.shard.findUniqueOrThrow({ where: { id: SHARD } });
  return row.dispatchedThrough.getTime() / 1000;
}

async function queued(): Promise<{ monitorId: string; slot: number }[]> {
  const jobs = await probes.getWaiting(0, 10_000);
  return jobs.flatMap((job) =>
    job.data.targets.map((target) => ({ monitorId: target.monitorId, slot: job.data.slot })),
  );
}

/** The slots of a grid in (after, through]. */
function slotsBetween(
  after: number,
  through: number,
  intervalSeconds: number,
  phase: number,
): number[] {
  return Array.from({ length: through - after }, (_, i) => after + 1 + i).filter(
    (slot) => slot % intervalSeconds === phase,
  );
}

test('queues every slot of every monitor once, or records it in a gap, over many ticks', async () => {
  const monitors = await Promise.all(
    [1, 2, 5, 10].map((intervalSeconds) =>
      createMonitor(stores.db, { shard: SHARD, intervalSeconds }),
    ),
  );
  const first = secondsNow() - 1;
  await setDispatchedThrough(first);
  for (let through = first; through < first + 3;) {
    await dispatchDueChecks([SHARD], null, deps);
    const reached = await dispatchedThrough();
    if (reached === through) await new Promise((resolve) => setTimeout(resolve, 50));
    through = reached;
  }
  const through = await dispatchedThrough();
  const found = await queued();
  const gaps = await stores.db.gap.findMany();
  const inGap = (slot: number) =>
    gaps.some(
      (gap) => slot > gap.fromSlot.getTime() / 1000 && slot <= gap.throughSlot.getTime() / 1000,
    );
  for (const [i, { id, phase }] of monitors.entries()) {
    const slots = found.filter((check) => check.monitorId === id).map((check) => check.slot);
    const due = slotsBetween(first, through, [1, 2, 5, 10][i] ?? 0, phase);
    expect(slots.sort()).toEqual(due.filter((slot) => slots.includes(slot) || !inGap(slot)));
  }
});

test('is repeated without duplicates after it died once the queue had answered', async () => {
  await Promise.all(
    Array.from({ length: 5 }, () => createMonitor(stores.db, { shard: SHARD, intervalSeconds: 1 })),
  );
  const dying = {
    ...deps,
    metrics: {
      ...deps.metrics,
      checksDispatched: {
        inc: () => {
          throw new Error('killed');
        },
      },
    },
  } as unknown as DispatchDeps;
  const before = await dispatchedThrough();
  await expect(dispatchDueChecks([SHARD], null, dying)).rejects.toThrow('killed');
  expect(await dispatchedThrough()).toBe(before);
  await dispatchDueChecks([SHARD], null, deps);
  const found = await queued();
  expect(new Set(found.map((check) => `${check.monitorId} ${check.slot}`)).size).toBe(found.length);
});

test('changes nothing when the queue fails', async () => {
  const { id } = await createMonitor(stores.db, {
    shard: SHARD,
    intervalSeconds: 1,
    immediateSlot: secondsNow() - 1,
  });
  const broken = {
    ...deps,
    probes: { addBulk: () => Promise.reject(new Error('queue down')) },
  } as unknown as DispatchDeps;
  const before = await dispatchedThrough();
  await expect(dispatchDueChecks([SHARD], null, broken)).rejects.toThrow('queue down');
  expect(await dispatchedThrough()).toBe(before);
  expect((await stores.db.monitor.findUniqueOrThrow({ where: { id } })).immediatePending).toBe(
    true,
  );
});

test('sends a prober the expected text and how much of the body to search', async () => {
  const { id } = await createMonitor(stores.db, {
    shard: SHARD,
    intervalSeconds: 3600,
    immediateSlot: secondsNow() - 1,
  });
  await stores.db.monitor.update({
    where: { id },
    data: { settings: { url: 'http://target.test/', bodyContains: 'needle', maxBodyBytes: 2048 } },
  });
  await dispatchDueChecks([SHARD], null, deps);
  const [job] = await probes.getWaiting();
  expect(job?.data.targets).toMatchObject([
    { monitorId: id, bodyContains: 'needle', maxBodyBytes: 2048 },
  ]);
});

test('is done by one scheduler at a time: the others skip the shard', async () => {
  await Promise.all(
    Array.from({ length: 30 }, () =>
      createMonitor(stores.db, { shard: SHARD, intervalSeconds: 1 }),
    ),
  );
  const answers = await Promise.all([0, 1, 2].map(() => dispatchDueChecks([SHARD], null, deps)));
  expect(answers.some((answer) => answer !== null)).toBe(true);
  const found = await queued();
  expect(new Set(found.map((check) => `${check.monitorId} ${check.slot}`)).size).toBe(found.length);
});

describe('immediate slots', () => {
  test('are dispatched once, also off the grid', async () => {
    const slot = secondsNow() - 1;
    const { id } = await createMonitor(stores.db, {
      shard: SHARD,
      intervalSeconds: 3600,
      immediateSlot: slot,
    });
    await dispatchDueChecks([SHARD], null, deps);
    expect(await queued()).toEqual([{ monitorId: id, slot }]);
    await setDispatchedThrough(secondsNow() - 1);
    await dispatchDueChecks([SHARD], null, deps);
    expect(await queued()).toHaveLength(1);
  });

  test('at the same second as a grid slot are one check', async () => {
    const slot = secondsNow();
    await setDispatchedThrough(slot - 1);
    const { id } = await createMonitor(stores.db, {
      shard: SHARD,
      intervalSeconds: 1,
      immediateSlot: slot,
    });
    await dispatchDueChecks([SHARD], null, deps);
    expect(
      (await queued()).filter((check) => check.monitorId === id && check.slot === slot),
    ).toHaveLength(1);
  });
});

test('skips paused monitors and slots before a monitor became active', async () => {
  await createMonitor(stores.db, { shard: SHARD, intervalSeconds: 1, paused: true });
  await createMonitor(stores.db, { shard: SHARD, intervalSeconds: 1, ageSeconds: -5 });
  await createMonitor(stores.db, { shard: 2, intervalSeconds: 1 });
  await dispatchDueChecks([SHARD], null, deps);
  expect(await queued()).toEqual([]);
});

test('a job shows which checks belong to the same user, but not to whom', async () => {
  const create = () => createMonitor(stores.db, { shard: SHARD, intervalSeconds: 1 });
  const [one, other, third] = [await create(), await create(), await create()];
  const { ownerId } = await stores.db.monitor.findUniqueOrThrow({ where: { id: one.id } });
  await stores.db.monitor.update({ where: { id: third.id }, data: { ownerId } });
  await setDispatchedThrough(secondsNow() - 2);
  await dispatchDueChecks([SHARD], null, deps);
  const targets = (await probes.getWaiting(0, 1000)).flatMap(({ data }) => data.targets);
  const ownerOf = (id: string) => targets.find(({ monitorId }) => monitorId === id)?.owner;
  expect(ownerOf(one.id)).toEqual(expect.any(Number));
  expect(ownerOf(third.id)).toBe(ownerOf(one.id));
  expect(ownerOf(other.id)).not.toBe(ownerOf(one.id));
  expect(JSON.stringify(targets)).not.toContain(ownerId);
});
