import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readStatus } from '@gomon/persistence';
import { PROBERS_KEY, PROBE_QUEUE, QUEUE_PREFIX } from '@gomon/queue-contracts';
import { Queue } from 'bullmq';
import { Registry } from 'prom-client';
import { createSchedulerMetrics } from '../../src/metrics.ts';
import { createStatusReport } from '../../src/upkeep/report-status.ts';
import { openStores, SHARD_COUNT } from '../fixtures.ts';

let stores: Awaited<ReturnType<typeof openStores>>;
let probes: Queue;
/** The database's clock, which stands still. */
let now: number;
let reportStatus: () => Promise<void>;

beforeAll(async () => {
  stores = await openStores({ clock: 'still' });
  probes = new Queue(PROBE_QUEUE, { connection: stores.redis, prefix: QUEUE_PREFIX });
  const [clock] = await stores.db.$queryRaw<
    [{ ms: number }]
  >`SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms`;
  now = clock.ms;
  reportStatus = createStatusReport(stores);
});
afterAll(async () => {
  await probes.close();
  await stores.close();
});

const dispatchedAgo = async (seconds: number, shard?: number) =>
  stores.db.shard.updateMany({
    where: shard === undefined ? {} : { id: shard },
    data: { dispatchedThrough: new Date(Math.floor(now / 1000 - seconds) * 1000) },
  });

test('knows nothing of the queue before a scheduler has read it', async () => {
  const unknown = {
    checksExpired: null,
    queueAgeSeconds: null,
    ingestDelaySeconds: null,
    probersSeen: null,
    checkedAt: null,
  };
  expect(await readStatus(stores.db)).toMatchObject(unknown);
});

test('reports the shard that is furthest behind and what waits on the queue', async () => {
  await dispatchedAgo(1);
  await dispatchedAgo(300, SHARD_COUNT - 1);
  await stores.redis.zadd(PROBERS_KEY, Number((await stores.redis.time())[0]) * 1000, 'a prober');
  await probes.add('probe', {}, { timestamp: Math.floor(now) - 7000 });
  await reportStatus();
  const status = await readStatus(stores.db);
  expect(status).toMatchObject({
    ingestDelaySeconds: 0,
    probersSeen: 1,
    checkedAt: expect.any(Date),
  });
  expect(Math.floor(status.lastDispatchedAgeSeconds ?? 0)).toBe(300);
  expect(status.queueAgeSeconds).toBeCloseTo(7, 1);
  expect((await stores.metrics.dispatchAge.get()).values[0]?.value).toBe(
    status.lastDispatchedAgeSeconds,
  );
  expect((await stores.metrics.probersSeen.get()).values[0]?.value).toBe(1);
});

test('replaces the previous report', async () => {
  await stores.redis.flushdb();
  await reportStatus();
  expect(await readStatus(stores.db)).toMatchObject({ queueAgeSeconds: 0, probersSeen: 0 });
});

test('counts the checks of the last two minutes that expired at any scheduler', async () => {
  const other = { ...stores, metrics: createSchedulerMetrics(new Registry()) };
  const reportOfOther = createStatusReport(other);
  const expired = async () => (await readStatus(stores.db)).checksExpired;
  const [row] = await stores.db.$queryRaw<
    [{ second: number }]
  >`SELECT extract(second FROM clock_timestamp())::float8 AS second`;
  await stores.advance(61 - row.second);
  stores.metrics.checksExpired.inc(3);
  await reportStatus();
  await reportStatus();
  other.metrics.checksExpired.inc(4);
  await reportOfOther();
  expect(await expired()).toBe(7);
  await stores.advance(60);
  other.metrics.checksExpired.inc(1);
  await reportOfOther();
  expect(await expired()).toBe(8);
  await stores.advance(60);
  await reportStatus();
  expect(await expired()).toBe(1);
  await stores.advance(60);
  await reportStatus();
  expect(await expired()).toBe(0);
});

test('treats a report half a minute old as unknown', async () => {
  const [clock] = await stores.db.$queryRaw<
    [{ ms: number }]
  >`SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms`;
  now = clock.ms;
  await stores.advance(31);
  const { queueAgeSeconds, ingestDelaySeconds, probersSeen, checkedAt } = await readStatus(
    stores.db,
  );
  expect({ queueAgeSeconds, ingestDelaySeconds, probersSeen }).toEqual({
    queueAgeSeconds: null,
    ingestDelaySeconds: null,
    probersSeen: null,
  });
  expect(checkedAt?.getTime()).toBeCloseTo(now, -2);
});
