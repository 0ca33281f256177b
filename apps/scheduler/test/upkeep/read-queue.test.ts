import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  PROBERS_KEY,
  PROBE_QUEUE,
  QUEUE_PREFIX,
  RESULT_JOB_OPTIONS,
  resultQueueName,
} from '@gomon/queue-contracts';
import { createTestRedis, type TestRedis } from '@gomon/test-support';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { readQueue } from '../../src/upkeep/read-queue.ts';
import { result } from '../fixtures.ts';

const SHARDS = [0, 1, 2, 3];
const MONITOR = '0190b0a0-0000-7000-8000-000000000001';
const SLOT = 1_764_000_000;

let server: TestRedis;
let redis: Redis;
let probes: Queue;
let results: Queue[];

beforeAll(async () => {
  server = await createTestRedis();
  redis = new Redis(server.url, { maxRetriesPerRequest: null });
  const open = (name: string) => new Queue(name, { connection: redis, prefix: QUEUE_PREFIX });
  probes = open(PROBE_QUEUE);
  results = SHARDS.map((shard) => open(resultQueueName(shard)));
});
beforeEach(() => server.flush());
afterAll(async () => {
  await Promise.all([probes, ...results].map((queue) => queue.close()));
  redis.disconnect();
  await server.close();
});

const redisNow = async () => Number((await redis.time())[0]) * 1000;
const addResult = (shard: number, slot: number, delay = 0) =>
  results[shard]?.add(
    'results',
    { results: [result(MONITOR, slot, 'success')] },
    { ...RESULT_JOB_OPTIONS, delay },
  );

test('sees nothing on empty queues', async () => {
  expect(await readQueue(redis, SHARDS)).toEqual({
    probersSeen: 0,
    oldestProbeJobAt: null,
    oldestResultAt: null,
  });
});

test('counts the probers with a recent heartbeat, and forgets the others', async () => {
  const now = await redisNow();
  for (const [prober, agoMs] of Object.entries({ a: 0, b: 5000, gone: 20_000 }))
    await redis.zadd(PROBERS_KEY, String(now - agoMs), prober);
  expect(await readQueue(redis, SHARDS)).toMatchObject({ probersSeen: 2 });
  expect(await redis.zrange(PROBERS_KEY, '0', '-1')).toEqual(['b', 'a']);
});

test('sees since when the next probe job waits', async () => {
  for (const seconds of [3, 1, 2])
    await probes.add('probe', {}, { timestamp: (SLOT + seconds) * 1000 });
  expect(await readQueue(redis, SHARDS)).toMatchObject({ oldestProbeJobAt: (SLOT + 3) * 1000 });
  const worker = new Worker(PROBE_QUEUE, null, { connection: redis, prefix: QUEUE_PREFIX });
  await worker.getNextJob('a token');
  expect(await readQueue(redis, SHARDS)).toMatchObject({ oldestProbeJobAt: (SLOT + 1) * 1000 });
  await worker.close();
});

test.each(['waiting', 'being ingested', 'to be tried again'])(
  'sees the oldest result of all shards while it is %s',
  async (state) => {
    for (const [shard, seconds] of [9, 8, 7, 6].entries()) await addResult(shard, SLOT + seconds);
    await addResult(2, SLOT, state === 'to be tried again' ? 3_600_000 : 0);
    const worker = new Worker(resultQueueName(2), null, {
      connection: redis,
      prefix: QUEUE_PREFIX,
    });
    if (state !== 'to be tried again') await worker.getNextJob('a token'); // The one before it.
    if (state === 'being ingested') await worker.getNextJob('a token');
    await results[2]?.add('results', { results: [result(MONITOR, SLOT + 10, 'success')] });
    const { oldestResultAt } = await readQueue(redis, SHARDS);
    expect(oldestResultAt).toBe(SLOT * 1000 + 5);
    await worker.close();
  },
);

test('ignores what is not a result', async () => {
  await results[1]?.add('results', { junk: true });
  await redis.lpush(`${QUEUE_PREFIX}:${resultQueueName(3)}:wait`, 'no-job');
  await redis.lpush(`${QUEUE_PREFIX}:${PROBE_QUEUE}:wait`, 'no-job');
  expect(await readQueue(redis, SHARDS)).toEqual({
    probersSeen: 0,
    oldestProbeJobAt: null,
    oldestResultAt: null,
  });
});
