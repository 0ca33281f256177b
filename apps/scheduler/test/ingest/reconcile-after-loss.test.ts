import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { listUnreconciled, storeCheckResults } from '@gomon/persistence/pipeline';
import { reconcileAfterLoss } from '../../src/ingest/reconcile-after-loss.ts';
import { openDispatching, type Dispatching } from '../dispatch/dispatching.ts';
import { createMonitor, result, SHARD_COUNT } from '../fixtures.ts';

const SHARD = 1;
const SHARDS = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);
let dispatching: Dispatching;
let monitorId: string;
let newest: number;

beforeAll(async () => {
  dispatching = await openDispatching();
});
afterAll(() => dispatching.close());

beforeEach(async () => {
  await dispatching.reset();
  const { id, phase } = await createMonitor(dispatching.db, {
    shard: SHARD,
    intervalSeconds: 10,
    threshold: 1,
  });
  const now = Math.floor(await dispatching.now());
  [monitorId, newest] = [id, now - ((((now - phase) % 10) + 10) % 10)];
});

/** An ingestion that ends before it has reconciled. */
async function store(outcomes: Record<number, 'success' | 'failure'>): Promise<void> {
  const results = Object.entries(outcomes).map(([ago, outcome]) => ({
    shard: SHARD,
    ...result(monitorId, newest - Number(ago), outcome),
  }));
  await storeCheckResults(dispatching.db, results, 30);
}

async function loseQueue(): Promise<void> {
  await dispatching.redis.flushdb();
  await dispatching.tick();
}

const reconcile = () => reconcileAfterLoss(dispatching.asScheduler, SHARDS);
const alerts = async () => {
  const rows = await dispatching.db.alert.findMany({ where: { monitorId } });
  return rows.map(({ openedAt, resolvedAt }) =>
    [openedAt, resolvedAt].map((at) => at && newest - at.getTime() / 1000),
  );
};

test('a failure lost after it was stored still opens its alert', async () => {
  await store({ 20: 'failure', 10: 'failure' });
  await loseQueue();
  expect(await alerts()).toEqual([]);
  await reconcile();
  expect(await alerts()).toEqual([[10, null]]);
  expect(await listUnreconciled(dispatching.db, SHARDS)).toEqual([]);
});

test('a success lost after it was stored still resolves the alert, at its slot', async () => {
  await store({ 110: 'failure', 100: 'failure' });
  await loseQueue();
  await reconcile();
  await store({ 30: 'success' });
  await loseQueue();
  await reconcile();
  expect(await alerts()).toEqual([[100, 30]]);
});

test('a second loss during the reconciliation of the first is reconciled again', async () => {
  await loseQueue();
  const [before] = await listUnreconciled(dispatching.db, SHARDS);
  await loseQueue();
  const [after] = await listUnreconciled(dispatching.db, SHARDS);
  expect(after?.since).toBeLessThan(before?.since ?? 0);
});

test('nothing is reconciled when nothing was lost', async () => {
  await dispatching.tick();
  expect(await listUnreconciled(dispatching.db, SHARDS)).toEqual([]);
});
