import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { PROBERS_KEY, QUARANTINE_QUEUE, QUEUE_PREFIX } from '@gomon/queue-contracts';
import { startTarget, type Target } from '@gomon/test-support';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { targetOf } from './probe-once.ts';
import { openQueues } from './running-prober.ts';

jest.setTimeout(30_000);

let target: Target;
let queues: Awaited<ReturnType<typeof openQueues>>;
let admin: Redis;
let asProber: Redis;
let quarantine: Queue;

beforeAll(async () => {
  target = await startTarget();
  queues = await openQueues();
  admin = new Redis(queues.url);
  asProber = new Redis(queues.proberUrl);
  quarantine = new Queue(QUARANTINE_QUEUE, { connection: admin, prefix: QUEUE_PREFIX });
});
afterAll(async () => {
  await quarantine.close();
  admin.disconnect();
  asProber.disconnect();
  await queues.close();
  await target.stop();
});

test('are enough for a prober: heartbeat, jobs, quarantine, rejecting an invalid job, and stopping', async () => {
  const slot = Math.floor(Date.now() / 1000);
  const malformed = await queues.add({ shard: 0, targets: 'all' });
  await queues.add({ shard: 0, slot, targets: [targetOf(`${target.url}/up`)] });
  await quarantine.add('probe', {
    shard: 1,
    slot,
    targets: [targetOf(`${target.url}/quarantined`)],
  });
  const { prober } = await queues.startProber({ lockMs: 600 });
  expect(await queues.results(0, 1)).toMatchObject([{ outcome: 'success' }]);
  expect(await queues.results(1, 1)).toMatchObject([{ outcome: 'success' }]);
  while (!(await malformed.isFailed()) || (await admin.zcard(PROBERS_KEY)) !== 1) await delay(20);
  await prober.stop();
  expect(await admin.zcard(PROBERS_KEY)).toBe(0);
  expect(await refusedToProbers()).toEqual([]);
});

/** Except for the name that the client sets, which older servers do not know. */
async function refusedToProbers(): Promise<string[]> {
  const { username } = new URL(queues.proberUrl);
  const entries = ((await admin.acl('LOG')) as unknown[]).map((entry) => JSON.stringify(entry));
  return entries.filter((entry) => entry.includes(username) && !entry.includes('client|setinfo'));
}

describe('refuse', () => {
  test.each([
    ['FLUSHALL'],
    ['FLUSHDB'],
    ['KEYS', '*'],
    ['SCAN', '0'],
    ['RANDOMKEY'],
    ['DBSIZE'],
    ['CONFIG', 'GET', '*'],
    ['ACL', 'LIST'],
    ['CLIENT', 'LIST'],
    ['CLIENT', 'KILL', 'TYPE', 'normal'],
    ['MONITOR'],
    ['SHUTDOWN'],
    ['SAVE'],
    ['REPLICAOF', 'NO', 'ONE'],
    ['MODULE', 'LIST'],
    ['FUNCTION', 'LIST'],
    ['SCRIPT', 'FLUSH'],
    ['SWAPDB', '0', '1'],
    ['MIGRATE', 'elsewhere.test', '6379', 'key', '0', '1'],
    ['PUBLISH', 'channel', 'message'],
    ['SUBSCRIBE', 'channel'],
    ['RENAME', 'gomon:probes:wait', 'gomon:probes:taken'],
    ['GET', 'gomon:window:0:run:id:300'],
    ['ZADD', 'gomon:window:0:run:id:300', '1', 'x'],
    ['GET', 'gomon:dispatched'],
    ['SET', 'gomon:other', '1'],
    ['SET', 'another', '1'],
    ['EVAL', 'return redis.call("GET", "gomon:window:x")', '0'],
    ['EVAL', 'return redis.call("KEYS", "*")', '0'],
    ['EVAL', 'return 1', '1', 'another'],
  ])('%s %s', async (command, ...args) => {
    await expect(asProber.call(command, ...args)).rejects.toThrow(
      /^NOPERM|^ERR The user executing the script can't /,
    );
  });
});
