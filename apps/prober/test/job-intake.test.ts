import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { ProbeTarget } from '@gomon/queue-contracts';
import { startTarget, type Target } from '@gomon/test-support';
import { MONITOR_ID, targetOf } from './probe-once.ts';
import { openQueues } from './running-prober.ts';

jest.setTimeout(30_000);

let target: Target;
let earlier = 0;
let queues: Awaited<ReturnType<typeof openQueues>>;
let monitors = 0;

beforeAll(async () => {
  target = await startTarget();
  target.respond('/hang', () => 'hang');
  target.respond('/slow', () => ({ delayMs: 3000 }));
});
afterAll(() => target.stop());
beforeEach(async () => {
  queues = await openQueues();
  earlier = target.log.length;
});
afterEach(() => queues.close());

/** Puts a job on the queue: a probe for each path, without a timeout. */
async function add(
  paths: readonly string[],
  settings: Partial<ProbeTarget<'http'>> = {},
  owners = 1,
): Promise<void> {
  const monitorId = () => MONITOR_ID.slice(0, -6) + String(++monitors).padStart(6, '0');
  const patient = { timeoutMs: 60_000, ...settings };
  const targets: ProbeTarget[] = paths.map((path, i) => {
    const owner = patient.owner === undefined ? {} : { owner: patient.owner + (i % owners) };
    return targetOf(target.url + path, { monitorId: monitorId(), ...patient, ...owner });
  });
  await queues.add({ shard: 0, slot: Math.floor(Date.now() / 1000), targets });
}

const times = <Item>(count: number, item: Item) => Array<Item>(count).fill(item);
const requests = (path: string) =>
  target.log.slice(earlier).filter((entry) => entry.path === path).length;

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(20);
}

test('a prober takes only what it will soon probe, and leaves the rest to others', async () => {
  for (let i = 0; i < 40; i++) await add(times(50, '/hang'));
  const limits = { concurrency: 20, graceMs: 0 };
  await queues.startProber(limits);
  await until(() => requests('/hang') === 20);
  expect(await queues.probes.getWaitingCount()).toBe(38);
  await queues.startProber(limits);
  await until(() => requests('/hang') === 40);
  expect(await queues.probes.getWaitingCount()).toBe(36);
});

test('a full prober continues as soon as there is room, to the end', async () => {
  for (let i = 0; i < 40; i++) await add(times(50, '/up'));
  await queues.startProber({ concurrency: 20 });
  await until(async () => (await queues.probes.getJobCountByTypes('waiting', 'active')) === 0);
  expect(await queues.reportedOf(0)).toHaveLength(2000);
});

test('a slow target delays neither the rest of its job nor other jobs', async () => {
  for (let i = 0; i < 30; i++) await add(['/hang', ...times(4, '/up')]);
  await queues.startProber({ concurrency: 40, graceMs: 0 });
  expect(await queues.results(0, 120)).toHaveLength(120);
  expect(await queues.probes.getActiveCount()).toBe(30);
});

test('a full prober keeps the jobs it has taken', async () => {
  await add(['/slow', ...times(49, '/up')]);
  await add(times(50, '/up'));
  await queues.startProber({ concurrency: 1, lockMs: 600 });
  await until(async () => (await queues.probes.getActiveCount()) === 2);
  await queues.startProber({ lockMs: 600 });
  await queues.results(0, 100);
  expect([requests('/slow'), requests('/up')]).toEqual([1, 99]);
});

test('a host gets no more than its share', async () => {
  for (let i = 0; i < 20; i++) await add(times(50, '/hang'));
  const { registry } = await queues.startProber({
    concurrency: 20,
    hostConcurrency: 5,
    graceMs: 0,
  });
  await until(async () => (await registry.metrics()).includes('gomon_probes_waiting_for_host 995'));
  await until(() => requests('/hang') >= 5);
  expect(requests('/hang')).toBe(5);
});

test('a check runs beside users whose hanging probes came first and fill the prober', async () => {
  for (let i = 0; i < 6; i++) await add(times(50, '/hang'), { owner: 0 }, 15);
  await add(['/up'], { owner: 99 });
  await queues.startProber({ concurrency: 50, graceMs: 0 });
  await queues.results(0, 1);
  expect([requests('/up'), requests('/hang')]).toEqual([1, 45]);
});

test("checks that wait behind their own user's probes are reported as expired after their interval", async () => {
  await add(times(30, '/hang'), { owner: 1, intervalSeconds: 3 });
  await queues.startProber({ concurrency: 10, graceMs: 0 });
  const results = await queues.results(0, 21);
  expect(results.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual(
    times(21, 'unknown expired'),
  );
  expect(requests('/hang')).toBe(9);
});

test('a full prober leaves the jobs of users to free probers', async () => {
  for (let i = 0; i < 20; i++) await add(times(50, '/hang'), { owner: i });
  await queues.startProber({ concurrency: 20, graceMs: 0 });
  await until(() => requests('/hang') >= 18);
  await queues.startProber({ concurrency: 200, graceMs: 0 });
  await until(() => requests('/hang') >= 118);
});
