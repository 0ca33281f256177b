import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { startTarget, type Target } from '@gomon/test-support';
import { MONITOR_ID, targetOf } from './probe-once.ts';
import { openQueues, takeAndDie } from './running-prober.ts';

jest.setTimeout(30_000);

let target: Target;
let queues: Awaited<ReturnType<typeof openQueues>>;

const monitorId = (n: number) => `${MONITOR_ID.slice(0, -2)}${String(n).padStart(2, '0')}`;
const nowSeconds = () => Math.floor(Date.now() / 1000);
const jobOf = (shard: number, paths: string[], settings: object = {}, slot = nowSeconds()) => ({
  shard,
  slot,
  targets: paths.map((path, n) =>
    targetOf(`${target.url}${path}`, { monitorId: monitorId(n), ...settings }),
  ),
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(20);
}

beforeAll(async () => {
  target = await startTarget();
  target.respond('/down', () => ({ status: 500 }));
  target.respond('/hang', () => 'hang');
  target.respond('/slow', () => ({ delayMs: 500 }));
});
afterAll(() => target.stop());
beforeEach(async () => {
  queues = await openQueues();
});
afterEach(() => queues.close());

test("reports every target of a job on its shard's queue, and then removes the job", async () => {
  const first = jobOf(0, ['/up', '/down', '/reset']);
  await queues.add(first);
  await queues.add(jobOf(5, ['/up']));
  const { registry } = await queues.startProber();
  const results = await queues.results(0, 3);
  expect(new Map(results.map((result) => [result.monitorId, result.outcome]))).toEqual(
    new Map([
      [monitorId(0), 'success'],
      [monitorId(1), 'failure'],
      [monitorId(2), 'success'],
    ]),
  );
  expect(
    results.every(
      ({ slot, checkedAt }) => slot === first.slot && Math.abs(checkedAt / 1000 - slot) < 30,
    ),
  ).toBe(true);
  expect(await queues.results(5, 1)).toHaveLength(1);
  await until(
    async () =>
      (await queues.probes.getJobCountByTypes(
        'active',
        'waiting',
        'delayed',
        'completed',
        'failed',
      )) === 0,
  );
  expect(await registry.metrics()).toContain('gomon_results_reported_total 4');
});

test('delays no result for a target that hangs', async () => {
  await queues.add(jobOf(0, ['/hang', '/a', '/b', '/hang', '/c'], { timeoutMs: 60_000 }));
  await queues.startProber({ graceMs: 0 });
  expect((await queues.results(0, 3)).map((result) => result.monitorId).sort()).toEqual(
    [1, 2, 4].map(monitorId),
  );
});

test('probes a job with more targets than it may probe at once', async () => {
  await queues.add(jobOf(0, Array<string>(10).fill('/up')));
  await queues.startProber({ concurrency: 2 });
  expect((await queues.results(0, 10)).every(({ outcome }) => outcome === 'success')).toBe(true);
});

test('does not probe checks older than their interval', async () => {
  await queues.add(jobOf(0, ['/old'], { intervalSeconds: 10 }, nowSeconds() - 11));
  await queues.startProber();
  expect(await queues.results(0, 1)).toMatchObject([
    { outcome: 'unknown', reason: 'expired', statusCode: null, durationMs: null },
  ]);
  expect(target.log.filter(({ path }) => path === '/old')).toEqual([]);
});

test('gives up an invalid job at once, and continues', async () => {
  const malformed = await queues.add({ shard: 0, targets: 'all' });
  await queues.add(jobOf(0, ['/up']));
  const { registry } = await queues.startProber();
  await queues.results(0, 1);
  await until(() => malformed.isFailed());
  expect((await queues.probes.getJob(malformed.id ?? ''))?.attemptsMade).toBe(1);
  expect(await registry.metrics()).toContain('gomon_malformed_jobs_total 1');
});

test('returns unstarted probes to the queue when it stops, and finishes the others', async () => {
  await queues.add(jobOf(0, ['/slow', '/up', '/down']));
  const { prober } = await queues.startProber({ concurrency: 1 });
  await until(async () => target.log.some(({ path }) => path === '/slow'));
  await Promise.all([prober.stop(), prober.stop()]);
  expect(await queues.reportedOf(0)).toMatchObject([
    { monitorId: monitorId(0), outcome: 'success' },
  ]);
  const [waiting] = await queues.probes.getWaiting();
  expect((waiting?.data as ReturnType<typeof jobOf>).targets.map((left) => left.monitorId)).toEqual(
    [1, 2].map(monitorId),
  );
  await queues.startProber();
  expect(await queues.results(0, 3)).toHaveLength(3);
});

test('returns a probe that does not end in time to the queue when it stops', async () => {
  await queues.add(jobOf(0, ['/up', '/hang'], { timeoutMs: 60_000 }));
  const { prober } = await queues.startProber({ graceMs: 200 });
  await queues.results(0, 1);
  await prober.stop();
  expect(await queues.reportedOf(0)).toHaveLength(1);
  const [waiting] = await queues.probes.getWaiting();
  expect(waiting?.data).toMatchObject({ shard: 0, targets: [{ monitorId: monitorId(1) }] });
});

test('checks the targets of a prober that was killed', async () => {
  await queues.add(jobOf(0, ['/up', '/down']));
  await takeAndDie(queues.url);
  expect(await queues.probes.getActiveCount()).toBe(1);
  await queues.startProber();
  expect(await queues.results(0, 2)).toHaveLength(2);
});
