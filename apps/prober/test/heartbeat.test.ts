import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { PROBERS_KEY } from '@gomon/queue-contracts';
import { Redis } from 'ioredis';
import { openQueues } from './running-prober.ts';

jest.setTimeout(30_000);

let queues: Awaited<ReturnType<typeof openQueues>>;
let redis: Redis;
beforeAll(async () => {
  queues = await openQueues();
  redis = new Redis(queues.url);
});
afterAll(async () => {
  redis.disconnect();
  await queues.close();
});

async function untilThereAre(count: number): Promise<void> {
  while ((await redis.zcard(PROBERS_KEY)) !== count) await delay(20);
}

test("a running prober is on the list, with the queue's time", async () => {
  const [first, second] = [await queues.startProber(), await queues.startProber()];
  await untilThereAre(2);
  const [, lastThere = 0] = await redis.zrange(PROBERS_KEY, '0', '0', 'WITHSCORES');
  expect(Math.abs(Number(lastThere) / 1000 - Number((await redis.time())[0]))).toBeLessThan(15);
  await first.prober.stop();
  await untilThereAre(1);
  await second.prober.stop();
  await untilThereAre(0);
});

test('a prober that is cut off from its targets is not on the list', async () => {
  let cutOff = true;
  const selfCheck = {
    get cutOff() {
      return cutOff;
    },
    watch: <It>(dial: It) => dial,
    review: async <It>(found: It) => found,
    stop: () => undefined,
  };
  await redis.zadd(PROBERS_KEY, '1', 'another');
  const { prober } = await queues.startProber({ selfCheck });
  await queues.startProber();
  await untilThereAre(2);
  cutOff = false;
  await untilThereAre(3);
  await prober.stop();
});
