import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PROBE_QUEUE, QUEUE_PREFIX, type ProbeJob } from '@gomon/queue-contracts';
import { Queue, UnrecoverableError, Worker } from 'bullmq';
import { giveUpFailedProbes, type GiveUpDeps } from '../src/give-up-failed-probes.ts';
import { createRowBackedWindows } from '../src/row-backed-windows.ts';
import { createMonitor, openStores, secondsNow } from './fixtures.ts';

let stores: Awaited<ReturnType<typeof openStores>>;
let probes: Queue<ProbeJob>;
let deps: GiveUpDeps;

beforeAll(async () => {
  stores = await openStores();
  probes = new Queue(PROBE_QUEUE, { connection: stores.redis, prefix: QUEUE_PREFIX });
  deps = { ...stores, windows: createRowBackedWindows([stores.redis], stores.db), retentionDays: 30, probes };
});
afterAll(async () => {
  await probes.close();
  await stores.close();
});

/** A job that every prober fails. */
async function fail(data: unknown): Promise<void> {
  const worker = new Worker(PROBE_QUEUE, () => Promise.reject(new UnrecoverableError('killed')), {
    connection: stores.redis,
    prefix: QUEUE_PREFIX,
  });
  const failed = new Promise((resolve) => worker.once('failed', resolve));
  await probes.add('probe', data as ProbeJob);
  await failed;
  await worker.close();
}

test('ends the checks of a probe job that failed for good as unknown, and removes the job', async () => {
  const { id: monitorId } = await createMonitor(stores.db, { shard: 1 });
  const slot = secondsNow() - 60;
  const target = {
    monitorId,
    url: 'http://target.test/',
    intervalSeconds: 10,
    timeoutMs: 500,
    method: 'GET' as const,
    headers: {},
    expectedStatus: ['200'],
    bodyContains: null,
    followRedirects: true,
  };
  await fail({ shard: 1, slot, targets: [target] });
  await fail('junk');
  await giveUpFailedProbes(deps);
  const rows = await stores.db.check.findMany({ where: { shard: 1, monitorId } });
  expect(rows.map((row) => [row.slot.getTime() / 1000, row.outcome, row.reason])).toEqual([[slot, 'unknown', 'internal']]);
  expect(await probes.getFailedCount()).toBe(0);
  expect(await stores.db.alert.count()).toBe(0);
});
