import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectRedis, createLogger } from '@gomon/runtime';
import { createResultReporter } from '../src/result-reporter.ts';
import { MONITOR_ID } from './probe-once.ts';
import { openQueues } from './running-prober.ts';

const logger = createLogger('prober', 'silent');
const resultAt = (slot: number) =>
  ({
    monitorId: MONITOR_ID,
    slot,
    outcome: 'success',
    statusCode: 200,
    reason: null,
    durationMs: 1,
    checkedAt: slot * 1000,
  }) as const;

let queues: Awaited<ReturnType<typeof openQueues>>;

beforeEach(async () => {
  queues = await openQueues();
});
afterEach(() => queues.close());

test("has put a result on its shard's queue when it resolves", async () => {
  const { reporter, stop } = await start();
  await Promise.all([
    reporter.report(1, resultAt(1)),
    reporter.report(2, resultAt(2)),
    reporter.report(1, resultAt(3)),
  ]);
  expect(await queues.reportedOf(1)).toEqual([resultAt(1), resultAt(3)]);
  expect(await queues.reportedOf(2)).toEqual([resultAt(2)]);
  await stop();
});

test('reports many results in few jobs', async () => {
  const { reporter, stop, counts } = await start();
  await Promise.all(Array.from({ length: 450 }, (_, slot) => reporter.report(1, resultAt(slot))));
  expect((await queues.reportedOf(1)).map(({ slot }) => slot).sort((a, b) => a - b)).toEqual([
    ...Array(450).keys(),
  ]);
  expect(counts.sort()).toEqual([200, 200, 50]);
  await stop();
});

test('keeps the results while the queue cannot be reached', async () => {
  const { reporter, stop, redis } = await start();
  await reporter.report(1, resultAt(1));
  redis.disconnect();
  let isReported = false;
  const report = reporter.report(1, resultAt(2)).then(() => (isReported = true));
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(isReported).toBe(false);
  await redis.connect();
  await report;
  expect(await queues.reportedOf(1)).toHaveLength(2);
  await stop();
});

test('reports at the same moments as every prober, by the shared clock', async () => {
  const [beginning, ending] = await Promise.all([
    start({ now: () => 400_001 }),
    start({ now: () => 400_399 }),
  ]);
  const order: string[] = [];
  await Promise.all([
    beginning.reporter
      .report(1, resultAt(1))
      .then(() => order.push('at the beginning of the 400 ms')),
    ending.reporter.report(1, resultAt(2)).then(() => order.push('at their end')),
  ]);
  expect(order).toEqual(['at their end', 'at the beginning of the 400 ms']);
  await Promise.all([beginning.stop(), ending.stop()]);
});

async function start(clock = { now: () => Date.now() }) {
  const redis = connectRedis(queues.url, 'commands', logger);
  const counts: number[] = [];
  const reporter = createResultReporter({
    redis,
    clock,
    onReported: (count) => counts.push(count),
    onFault: () => undefined,
  });
  const stop = async () => {
    await reporter.stop();
    redis.disconnect();
  };
  return { reporter, stop, redis, counts };
}
