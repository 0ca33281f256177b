import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  PROBERS_KEY,
  QUEUE_PREFIX,
  RESULT_JOB_OPTIONS,
  resultQueueName,
} from '@gomon/queue-contracts';
import { freePort, startTarget, type Target } from '@gomon/test-support';
import { Queue } from 'bullmq';
import { pino } from 'pino';
import { createDeadMansSwitch } from '../../src/upkeep/dead-mans-switch.ts';
import { createIngestWorkers, type IngestWorker } from '../../src/ingest/ingest-worker.ts';
import { createStatusReport } from '../../src/upkeep/report-status.ts';
import { createRowBackedWindows } from '../../src/ingest/row-backed-windows.ts';
import { createMonitor, openStores, result, secondsNow } from '../fixtures.ts';

const SHARD = 1;
const PATH = '/ping/a-secret-id';

let stores: Awaited<ReturnType<typeof openStores>>;
let receiver: Target;
let results: Queue;
let lines: string[];

beforeAll(async () => {
  stores = await openStores();
  receiver = await startTarget();
  results = new Queue(resultQueueName(SHARD), { connection: stores.redis, prefix: QUEUE_PREFIX });
});
afterAll(async () => {
  await results.close();
  await receiver.stop();
  await stores.close();
});
beforeEach(async () => {
  lines = [];
  await comeAndDispatch();
});

/** What every prober does, and what a dispatch of all shards does. */
async function comeAndDispatch(): Promise<void> {
  await stores.redis.zadd(PROBERS_KEY, secondsNow() * 1000, 'a prober');
  await stores.db.shard.updateMany({ data: { dispatchedThrough: new Date() } });
}

function openHeartbeat(url = receiver.url + PATH) {
  const stream = new PassThrough().on('data', (line: Buffer) => lines.push(line.toString()));
  return createDeadMansSwitch({
    url,
    db: stores.db,
    metrics: stores.metrics,
    logger: pino(stream),
  });
}

/** One look at the queue, one beat. Returns whether the receiver was called. */
async function beats(heartbeat = openHeartbeat()): Promise<boolean> {
  const before = receiver.log.length;
  await createStatusReport(stores)();
  await heartbeat.runOnce();
  return receiver.log.length > before;
}

test('calls while cycles are in time', async () => {
  expect(await beats()).toBe(true);
  expect(receiver.log.at(-1)).toMatchObject({ path: PATH, status: 200 });
});

test('is silent while no prober runs, and calls when one is back', async () => {
  await stores.redis.del(PROBERS_KEY);
  expect(await beats()).toBe(false);
  await comeAndDispatch();
  expect(await beats()).toBe(true);
});

test('is silent while one shard is not dispatched', async () => {
  await stores.db.shard.update({
    where: { id: SHARD },
    data: { dispatchedThrough: new Date(Date.now() - 20_000) },
  });
  expect(await beats()).toBe(false);
});

test('is silent while nobody looks at the queue', async () => {
  await createStatusReport(stores)();
  await stores.db.$executeRaw`UPDATE queue_readings SET read_at = read_at - interval '31 seconds'`;
  const before = receiver.log.length;
  await openHeartbeat().runOnce();
  expect(receiver.log).toHaveLength(before);
});

test('is silent while ingestion stalls, and calls when it has caught up', async () => {
  const { id } = await createMonitor(stores.db, { shard: SHARD });
  await results.add(
    'results',
    { results: [result(id, secondsNow() - 70, 'success')] },
    RESULT_JOB_OPTIONS,
  );
  expect(await beats()).toBe(false);
  const windows = createRowBackedWindows([stores.redis], stores.db);
  const deps = { ...stores, windows, retentionDays: 30, onFault: () => undefined };
  const [worker] = createIngestWorkers([SHARD], stores.redis, deps) as [IngestWorker];
  worker.start();
  while ((await results.getJobCountByTypes('waiting', 'active', 'delayed')) > 0)
    await stores.redis.ping();
  await worker.stop();
  expect(await beats()).toBe(true);
});

test('logs a failing receiver once until it recovers, without its URL', async () => {
  const heartbeat = openHeartbeat();
  receiver.respond(PATH, () => ({ status: 500 }));
  for (let n = 0; n < 3; n++) expect(await beats(heartbeat)).toBe(true);
  expect(lines).toHaveLength(1);
  receiver.respond(PATH, () => ({ status: 200 }));
  for (let n = 0; n < 2; n++) await beats(heartbeat);
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain('a-secret-id');
});

test('survives an absent receiver', async () => {
  const heartbeat = openHeartbeat(`http://127.0.0.1:${await freePort()}/`);
  await createStatusReport(stores)();
  await heartbeat.runOnce();
  expect(lines.join()).toContain('ECONNREFUSED');
  expect(
    (await stores.metrics.heartbeats.get()).values.find(({ labels }) => labels.result === 'failed')
      ?.value,
  ).toBeGreaterThan(0);
});
