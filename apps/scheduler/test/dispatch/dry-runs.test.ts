import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { CheckResult } from '@gomon/domain';
import { addDryRun as ask, createUser, findDryRunVerdict } from '@gomon/persistence';
import {
  parseProbeJob,
  PROBE_QUEUE,
  QUEUE_PREFIX,
  RESULT_JOB_OPTIONS,
  resultQueueName,
  DRY_RUN_SHARD,
  type ProbeJobData,
} from '@gomon/queue-contracts';
import { Queue } from 'bullmq';
import type { IngestWorker } from '../../src/ingest/ingest-worker.ts';
import { createDryRunWorker, dispatchDryRuns, forgetDryRuns } from '../../src/dispatch/dry-runs.ts';
import { openStores, secondsNow } from '../fixtures.ts';

jest.setTimeout(30_000);

const SETTINGS = {
  kind: 'http',
  url: 'http://target.test/',
  timeoutMs: 500,
  method: 'GET',
  headers: { authorization: 's1.encrypted' },
  expectedStatus: ['200'],
  bodyContains: null,
  maxBodyBytes: 1_048_576,
  followRedirects: true,
} as const;

let stores: Awaited<ReturnType<typeof openStores>>;
let probes: Queue<ProbeJobData>;
let results: Queue;
let worker: IngestWorker;
let userId: string;

beforeAll(async () => {
  stores = await openStores();
  probes = new Queue(PROBE_QUEUE, { connection: stores.redis, prefix: QUEUE_PREFIX });
  results = new Queue(resultQueueName(DRY_RUN_SHARD), {
    connection: stores.redis,
    prefix: QUEUE_PREFIX,
  });
  const onFault = (what: string, error: Error) => console.error(what, error);
  worker = createDryRunWorker({ db: stores.asScheduler, connection: stores.redis, onFault });
  worker.start();
  userId = (await createUser(stores.db, { username: 'ada', passwordHash: 'none' })).id;
});
afterEach(async () => {
  await probes.obliterate({ force: true });
  await stores.db.dryRun.deleteMany();
});
afterAll(async () => {
  await worker.stop();
  await Promise.all([probes.close(), results.close()]);
  await stores.close();
});

async function addDryRun(): Promise<string> {
  const id = randomUUID();
  expect(await ask(stores.db, { id, userId, settings: SETTINGS, perMinute: 100 })).toBe(0);
  return id;
}

const dispatch = () => dispatchDryRuns({ db: stores.asScheduler, probes });

const success = (monitorId: string): CheckResult => {
  const slot = secondsNow();
  return {
    monitorId,
    slot,
    outcome: 'success',
    statusCode: 200,
    reason: null,
    durationMs: 7,
    checkedAt: slot * 1000,
  };
};

async function report(...batch: object[]): Promise<void> {
  await results.add('results', { results: batch }, RESULT_JOB_OPTIONS);
  while ((await results.getJobCountByTypes('waiting', 'active')) > 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

test('is queued once, however many schedulers look, for any prober', async () => {
  const ids = [await addDryRun(), await addDryRun(), await addDryRun()];
  await Promise.all([dispatch(), dispatch(), dispatch()]);
  const jobs = (await probes.getWaiting()).map((job) => parseProbeJob(job.data));
  expect(jobs.flatMap(({ targets }) => targets.map(({ monitorId }) => monitorId)).sort()).toEqual(
    ids.sort(),
  );
  for (const { shard, slot, targets } of jobs) {
    expect({ shard, targets: targets.map((target) => ({ ...target, monitorId: '' })) }).toEqual({
      shard: DRY_RUN_SHARD,
      targets: [{ ...SETTINGS, monitorId: '', intervalSeconds: 10, owner: expect.any(Number) }],
    });
    expect(Math.abs(slot - secondsNow())).toBeLessThan(10);
  }
});

test('keeps its first result, and rejects results of others, unknown ones and malformed ones', async () => {
  const [id, other] = [await addDryRun(), await addDryRun()];
  await dispatch();
  const notTaken = await addDryRun();
  const forged = { ...success(id), outcome: 'failure', reason: 'timeout' };
  await report(
    { ...success(id), banner: 'x' },
    { ...success(id), outcome: 'fine' },
    success(randomUUID()),
    success(notTaken),
  );
  expect(await findDryRunVerdict(stores.db, userId, id)).toBeNull();
  await report(success(id), forged);
  const verdict = await findDryRunVerdict(stores.db, userId, id);
  expect(verdict).toMatchObject({
    outcome: 'success',
    statusCode: 200,
    reason: null,
    durationMs: 7,
    checkedAt: expect.any(Date),
  });
  expect(await findDryRunVerdict(stores.db, randomUUID(), id)).toBeNull();
  expect(await findDryRunVerdict(stores.db, userId, other)).toBeNull();
  expect(await findDryRunVerdict(stores.db, userId, notTaken)).toBeNull();
  expect(await stores.db.$queryRaw`SELECT FROM checks`).toEqual([]);
});

test('does not run once nobody waits for it, and is removed after five minutes', async () => {
  const id = await addDryRun();
  await stores.db.$executeRaw`UPDATE dry_runs SET created_at = created_at - interval '20 seconds'`;
  await dispatch();
  expect(await probes.getWaitingCount()).toBe(0);
  const kept = () => stores.db.dryRun.count({ where: { id } });
  await forgetDryRuns({ db: stores.asScheduler });
  expect(await kept()).toBe(1);
  await stores.db.$executeRaw`UPDATE dry_runs SET created_at = created_at - interval '5 minutes'`;
  await forgetDryRuns({ db: stores.asScheduler });
  expect(await kept()).toBe(0);
});
