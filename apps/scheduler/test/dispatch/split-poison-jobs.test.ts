import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import {
  PROBE_QUEUE,
  QUEUE_PREFIX,
  QUARANTINE_QUEUE,
  type ProbeJob,
  type ProbeJobData,
} from '@gomon/queue-contracts';
import { Queue, UnrecoverableError, Worker } from 'bullmq';
import { splitPoisonJobs, type SplitDeps } from '../../src/dispatch/split-poison-jobs.ts';
import { createRowBackedWindows } from '../../src/ingest/row-backed-windows.ts';
import { createMonitor, openStores, secondsNow } from '../fixtures.ts';

jest.setTimeout(30_000);

let stores: Awaited<ReturnType<typeof openStores>>;
let probes: Queue<ProbeJobData>;
let quarantine: Queue<ProbeJobData>;
let deps: SplitDeps;

beforeAll(async () => {
  stores = await openStores();
  probes = new Queue(PROBE_QUEUE, { connection: stores.redis, prefix: QUEUE_PREFIX });
  quarantine = new Queue(QUARANTINE_QUEUE, { connection: stores.redis, prefix: QUEUE_PREFIX });
  deps = {
    ...stores,
    windows: createRowBackedWindows([stores.redis], stores.db),
    retentionDays: 30,
    probes,
    quarantine,
  };
});
afterEach(() => quarantine.obliterate({ force: true }));
afterAll(async () => {
  await Promise.all([probes.close(), quarantine.close()]);
  await stores.close();
});

/** Every prober fails what is on the queue. */
async function failAll(queue: Queue): Promise<void> {
  const worker = new Worker(queue.name, () => Promise.reject(new UnrecoverableError('killed')), {
    connection: stores.redis,
    prefix: QUEUE_PREFIX,
  });
  while ((await queue.getJobCountByTypes('waiting', 'active')) > 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await worker.close();
}

async function createJob(size: number): Promise<ProbeJob> {
  const slot = secondsNow() - 60;
  const ids = await Promise.all(
    Array.from({ length: size }, async () => (await createMonitor(stores.db, { shard: 1 })).id),
  );
  const settings = {
    kind: 'http' as const,
    url: 'http://target.test/',
    intervalSeconds: 10,
    timeoutMs: 500,
    method: 'GET',
    headers: {},
    expectedStatus: ['200'],
    bodyContains: null,
    maxBodyBytes: 1_048_576,
    followRedirects: true,
  } as const;
  return { shard: 1, slot, targets: ids.map((monitorId) => ({ monitorId, ...settings })) };
}

test('splits a permanently failed job until each target is alone: then its check ends as unknown', async () => {
  const job = await createJob(50);
  await probes.add('probe', job);
  const steps = [];
  for (const queue of [probes, quarantine, quarantine]) {
    await failAll(queue);
    await Promise.all([splitPoisonJobs(deps), splitPoisonJobs(deps)]);
    const waiting = await quarantine.getWaiting();
    steps.push({
      sizes: waiting.map(({ data }) => data.targets.length).sort(),
      rows: await stores.db.check.count(),
    });
    expect(await Promise.all([probes.getFailedCount(), quarantine.getFailedCount()])).toEqual([
      0, 0,
    ]);
  }
  expect(steps).toEqual([
    { sizes: [2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4], rows: 0 },
    { sizes: Array(50).fill(1), rows: 0 },
    { sizes: [], rows: 50 },
  ]);
  const rows = await stores.db.check.findMany();
  expect(rows.map(({ monitorId }) => monitorId).sort()).toEqual(
    job.targets.map(({ monitorId }) => monitorId).sort(),
  );
  expect(new Set(rows.map(({ outcome, reason }) => `${outcome} ${reason}`))).toEqual(
    new Set(['unknown internal']),
  );
  expect(await stores.db.alert.count()).toBe(0);
});

test('removes a failed job that is not a probe job', async () => {
  await probes.add('probe', 'junk' as unknown as ProbeJob);
  await failAll(probes);
  await splitPoisonJobs(deps);
  expect(await Promise.all([probes.getFailedCount(), quarantine.getWaitingCount()])).toEqual([
    0, 0,
  ]);
});
