import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { QUEUE_PREFIX, RESULT_JOB_OPTIONS, resultQueueName } from '@gomon/queue-contracts';
import { Queue } from 'bullmq';
import {
  createIngestWorkers,
  type IngestWorker,
  type IngestWorkerDeps,
} from '../../src/ingest/ingest-worker.ts';
import { createRowBackedWindows } from '../../src/ingest/row-backed-windows.ts';
import { createMonitor, openStores, result, secondsNow } from '../fixtures.ts';

const SHARD = 1;
let stores: Awaited<ReturnType<typeof openStores>>;
let queue: Queue;
let worker: IngestWorker | undefined;

beforeAll(async () => {
  stores = await openStores();
  queue = new Queue(resultQueueName(SHARD), { connection: stores.redis, prefix: QUEUE_PREFIX });
});
afterEach(() => worker?.stop());
const startWorker = (deps: Pick<IngestWorkerDeps, 'windows' | 'onFault'>) => {
  [worker] = createIngestWorkers([SHARD], stores.redis, {
    ...stores,
    ...deps,
    retentionDays: 30,
  }) as [IngestWorker];
  worker.start();
  return worker;
};
afterAll(async () => {
  await queue.close();
  await stores.close();
});

test('retries results until they are ingested, and then removes the job', async () => {
  const { id } = await createMonitor(stores.db, { shard: SHARD, threshold: 0 });
  const windows = createRowBackedWindows([stores.redis], stores.db);
  let faults = 2;
  let report = () => {};
  const ingested = new Promise<void>((resolve) => (report = resolve));
  const failing: typeof windows = {
    async record(shard, updates) {
      if (faults-- > 0) throw new Error('the window cache is away');
      report();
      return windows.record(shard, updates);
    },
  };
  const told: string[] = [];
  const onFault = (_: string, error: Error) => void told.push(error.message);
  const working = startWorker({ windows: failing, onFault });
  await queue.add(
    'results',
    { results: [result(id, secondsNow() - 20, 'failure')] },
    RESULT_JOB_OPTIONS,
  );
  await ingested;
  await working.stop();
  expect(told).toEqual(['the window cache is away', 'the window cache is away']);
  expect(await queue.getJobCounts()).toMatchObject({
    waiting: 0,
    active: 0,
    delayed: 0,
    failed: 0,
    completed: 0,
  });
  expect(await stores.db.alert.count({ where: { monitorId: id, resolvedAt: null } })).toBe(1);
  expect(await stores.db.check.count({ where: { shard: SHARD, monitorId: id } })).toBe(1);
});

test('ingests a backlog of small jobs in a few batches', async () => {
  const { id } = await createMonitor(stores.db, { shard: SHARD });
  const start = secondsNow() - 1000;
  const jobs = Array.from({ length: 40 }, (_, n) => ({
    name: 'results',
    data: { results: [result(id, start + n * 10, 'success')] },
    opts: RESULT_JOB_OPTIONS,
  }));
  await queue.addBulk(jobs);
  const windows = createRowBackedWindows([stores.redis], stores.db);
  const sizes: number[] = [];
  let report = () => {};
  const ingested = new Promise<void>((resolve) => (report = resolve));
  const counting: typeof windows = {
    async record(shard, updates) {
      const states = await windows.record(shard, updates);
      sizes.push(updates.length);
      if ((await stores.db.check.count({ where: { shard, monitorId: id } })) === jobs.length)
        report();
      return states;
    },
  };
  startWorker({ windows: counting, onFault: () => undefined });
  await ingested;
  expect(sizes.length).toBeLessThan(jobs.length / 2);
});
