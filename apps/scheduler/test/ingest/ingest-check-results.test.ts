import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { replayAlerts, type WindowCache } from '@gomon/alerting';
import type { CheckResult, Outcome } from '@gomon/domain';
import fc from 'fast-check';
import pg from 'pg';
import { ingestCheckResults, type IngestDeps } from '../../src/ingest/ingest-check-results.ts';
import { createRowBackedWindows } from '../../src/ingest/row-backed-windows.ts';
import { createMonitor, openStores, result, secondsNow } from '../fixtures.ts';

const rule = { threshold: 2, windowSeconds: 60 };
let stores: Awaited<ReturnType<typeof openStores>>;
let deps: IngestDeps;
let start: number;

beforeAll(async () => {
  stores = await openStores();
  deps = {
    ...stores,
    windows: createRowBackedWindows([stores.redis], stores.db),
    retentionDays: 30,
  };
});
beforeEach(() => {
  start = secondsNow() - 1800;
});
afterAll(() => stores.close());

const newMonitor = () => createMonitor(stores.db, { ...rule, shard: 1 });
const ingest = (results: readonly CheckResult[], by: IngestDeps = deps) =>
  ingestCheckResults([{ shard: 1, job: { results } }], by);
const seconds = (date: Date | null) => (date ? date.getTime() / 1000 : null);

async function alertsOf(monitorId: string) {
  const alerts = await stores.db.alert.findMany({
    where: { monitorId },
    orderBy: { openedAt: 'asc' },
  });
  return alerts.map(({ openedAt, resolvedAt, failures }) => ({
    openedAt: seconds(openedAt),
    resolvedAt: seconds(resolvedAt),
    failures,
  }));
}

async function countsOf(monitorId: string) {
  const rows = await stores.db.check.findMany({ where: { shard: 1, monitorId } });
  const rollups = await stores.db.rollup.findMany({ where: { shard: 1, monitorId } });
  const count = (outcome: Outcome) => rows.filter((row) => row.outcome === outcome).length;
  const sum = (column: 'successes' | 'failures' | 'unknown') =>
    rollups.reduce((total, rollup) => total + rollup[column], 0);
  return {
    rows: { successes: count('success'), failures: count('failure'), unknown: count('unknown') },
    rollups: { successes: sum('successes'), failures: sum('failures'), unknown: sum('unknown') },
  };
}

describe('one alert', () => {
  test('opens at the third failure in the window with a threshold of 2, once, and resolves when the count is back at 2', async () => {
    const { id } = await newMonitor();
    for (const n of [0, 1]) await ingest([result(id, start + n * 10, 'failure')]);
    expect(await alertsOf(id)).toEqual([]);
    await ingest([result(id, start + 20, 'failure')]);
    await ingest([result(id, start + 30, 'failure')]);
    expect(await alertsOf(id)).toEqual([{ openedAt: start + 20, resolvedAt: null, failures: 3 }]);
    for (const n of [4, 5, 6]) await ingest([result(id, start + n * 10, 'success')]);
    expect((await alertsOf(id))[0]?.resolvedAt).toBeNull();
    await ingest([result(id, start + 70, 'success')]);
    expect(await alertsOf(id)).toEqual([
      { openedAt: start + 20, resolvedAt: start + 70, failures: 3 },
    ]);
  });

  test('is neither opened nor resolved by unknown checks', async () => {
    const { id } = await newMonitor();
    for (let n = 0; n < 5; n++) await ingest([result(id, start + n * 10, 'unknown')]);
    expect(await alertsOf(id)).toEqual([]);
    for (let n = 5; n < 8; n++) await ingest([result(id, start + n * 10, 'failure')]);
    for (let n = 8; n < 60; n++) await ingest([result(id, start + n * 10, 'unknown')]);
    expect(await alertsOf(id)).toEqual([{ openedAt: start + 70, resolvedAt: null, failures: 3 }]);
  });

  test('survives a flush of the window cache', async () => {
    const { id } = await newMonitor();
    for (const n of [0, 1]) await ingest([result(id, start + n * 10, 'failure')]);
    await stores.redis.flushdb();
    await ingest([result(id, start + 20, 'failure')]);
    await stores.redis.flushdb();
    await ingest([result(id, start + 30, 'success')]);
    expect(await alertsOf(id)).toEqual([{ openedAt: start + 20, resolvedAt: null, failures: 3 }]);
  });

  test('follows a changed threshold from then on', async () => {
    const { id } = await newMonitor();
    for (const n of [0, 1, 2]) await ingest([result(id, start + n * 10, 'failure')]);
    await stores.db.monitor.update({
      where: { id },
      data: { threshold: 5, ruleSince: new Date((start + 25) * 1000) },
    });
    await ingest([result(id, start + 30, 'failure')]);
    expect(await alertsOf(id)).toEqual([{ openedAt: start + 20, resolvedAt: null, failures: 3 }]);
    await ingest([result(id, start + 40, 'success')]);
    expect(await alertsOf(id)).toEqual([
      { openedAt: start + 20, resolvedAt: start + 40, failures: 3 },
    ]);
  });

  test.each(['as it is', 'flushed'])(
    'is not resolved by the first failed check after a gap longer than the window, with the window cache %s',
    async (cache) => {
      const { id } = await newMonitor();
      for (const n of [0, 1, 2]) await ingest([result(id, start + n * 10, 'failure')]);
      if (cache === 'flushed') await stores.redis.flushdb();
      for (const n of [30, 31, 60]) await ingest([result(id, start + n * 10, 'failure')]);
      expect(await alertsOf(id)).toEqual([{ openedAt: start + 20, resolvedAt: null, failures: 3 }]);
      await ingest([result(id, start + 700, 'success')]);
      expect(await alertsOf(id)).toEqual([
        { openedAt: start + 20, resolvedAt: start + 700, failures: 3 },
      ]);
    },
  );
});

test('a stricter rule with another window opens an alert at the next check, even a success', async () => {
  const { id } = await newMonitor();
  for (const n of [0, 1]) await ingest([result(id, start + n * 10, 'failure')]);
  const ruleSince = new Date((start + 11) * 1000);
  await stores.db.monitor.update({
    where: { id },
    data: { threshold: 1, windowSeconds: 90, ruleSince },
  });
  await ingest([result(id, start + 20, 'success')]);
  expect(await alertsOf(id)).toEqual([{ openedAt: start + 20, resolvedAt: null, failures: 2 }]);
});

describe('a result that another scheduler ingests while an alert is being decided', () => {
  /** Runs `meanwhile` after the alert that `decide` writes is decided, and before it is written. */
  async function whileWriting(
    decide: () => Promise<void>,
    meanwhile: () => Promise<void>,
  ): Promise<void> {
    const other = new pg.Client({ connectionString: stores.databaseUrl });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE alerts IN SHARE MODE');
    const decided = decide();
    const isBlocked = `SELECT 1 FROM pg_locks WHERE relation = 'alerts'::regclass AND NOT granted`;
    while ((await other.query(isBlocked)).rowCount === 0);
    await meanwhile();
    await other.query('COMMIT');
    await other.end();
    await decided;
  }

  test('resolves the alert that is being opened', async () => {
    const { id } = await newMonitor();
    for (const n of [0, 1]) await ingest([result(id, start + n * 10, 'failure')]);
    await whileWriting(
      () => ingest([result(id, start + 20, 'failure')]),
      () => ingest([result(id, start + 70, 'success')]),
    );
    expect(await alertsOf(id)).toEqual([
      { openedAt: start + 20, resolvedAt: start + 70, failures: 3 },
    ]);
  });

  test('opens another alert while one is being resolved', async () => {
    const { id } = await newMonitor();
    for (const offset of [0, 10, 20, 55]) await ingest([result(id, start + offset, 'failure')]);
    await whileWriting(
      () => ingest([result(id, start + 71, 'success')]),
      () => ingest([result(id, start + 72, 'failure')]),
    );
    expect(await alertsOf(id)).toEqual([
      { openedAt: start + 20, resolvedAt: start + 71, failures: 3 },
      { openedAt: start + 72, resolvedAt: null, failures: 3 },
    ]);
  });
});

describe('late and repeated results', () => {
  const failThrice = async (id: string) => {
    for (const n of [0, 1, 2]) await ingest([result(id, start + n * 10, 'failure')]);
  };

  test('resolve an alert at the slot that the rows show, also after its failures left the window', async () => {
    const { id } = await newMonitor();
    await failThrice(id);
    for (const n of [3, 4, 5, 7, 8, 9]) await ingest([result(id, start + n * 10, 'success')]);
    expect((await alertsOf(id))[0]?.resolvedAt).toBe(start + 70);
    await ingest([result(id, start + 60, 'success')]);
    expect((await alertsOf(id))[0]?.resolvedAt).toBe(start + 60);
  });

  test('do not keep an alert open by an outcome without a row', async () => {
    const { id } = await newMonitor();
    await failThrice(id);
    await ingest([result(id, start + 30, 'success')]);
    await ingest([result(id, start + 30, 'failure')]);
    await ingest([result(id, start + 60, 'success')]);
    expect((await alertsOf(id))[0]?.resolvedAt).toBe(start + 60);
  });

  test('move the opening of an alert, and it stays the same alert', async () => {
    const { id } = await newMonitor();
    for (const n of [0, 1, 3]) await ingest([result(id, start + n * 10, 'failure')]);
    const before = await stores.db.alert.findFirstOrThrow({ where: { monitorId: id } });
    expect(seconds(before.openedAt)).toBe(start + 30);
    await ingest([result(id, start + 20, 'failure')]);
    const after = await stores.db.alert.findMany({ where: { monitorId: id } });
    expect(after.map((alert) => [alert.id, seconds(alert.openedAt)])).toEqual([
      [before.id, start + 20],
    ]);
  });
});

describe('an accepted result', () => {
  test('is the first of its check: another changes neither row, counts nor alerts', async () => {
    const { id } = await newMonitor();
    await ingest([result(id, start, 'success')]);
    await ingest([result(id, start, 'failure'), result(id, start, 'failure')]);
    expect((await countsOf(id)).rows).toEqual({ successes: 1, failures: 0, unknown: 0 });
    expect((await countsOf(id)).rollups).toEqual({ successes: 1, failures: 0, unknown: 0 });
    for (const n of [1, 2]) await ingest([result(id, start + n * 10, 'failure')]);
    expect(await alertsOf(id)).toEqual([]);
  });

  test('belongs to an existing monitor of this shard at a slot of its lifetime; others do not block the batch', async () => {
    const { id } = await newMonitor();
    const foreign = await createMonitor(stores.db, { shard: 2 });
    const young = await createMonitor(stores.db, { shard: 1, ageSeconds: 60 });
    const unknown = '0190b0a0-0000-7000-8000-000000000001';
    const batch = [
      result(foreign.id, start, 'failure'),
      result(unknown, start, 'failure'),
      result(young.id, start, 'failure'),
      result(id, secondsNow() + 3600, 'failure'),
      result(id, start - 40 * 86_400, 'failure'),
      { ...result(id, start, 'failure'), reason: 'because' } as unknown as CheckResult,
      result(id, start, 'success'),
    ];
    await ingest(batch);
    expect(
      await stores.db.check.count({
        where: { monitorId: { in: [foreign.id, unknown, young.id] } },
      }),
    ).toBe(0);
    expect((await countsOf(id)).rows).toEqual({ successes: 1, failures: 0, unknown: 0 });
    await expect(ingestCheckResults([{ shard: 1, job: 'junk' }], deps)).resolves.toBeUndefined();
  });

  test('was not checked in the future', async () => {
    const { id } = await newMonitor();
    await ingest([{ ...result(id, start, 'success'), checkedAt: Date.now() + 86_400_000 }]);
    const row = await stores.db.check.findFirstOrThrow({ where: { shard: 1, monitorId: id } });
    expect(row.checkedAt.getTime()).toBeLessThan(Date.now() + 60_000);
  });
});

describe('any order, any repetition, any loss, any crash', () => {
  const outcomes = fc.array(fc.constantFrom<Outcome>('success', 'failure', 'failure', 'unknown'), {
    minLength: 1,
    maxLength: 25,
  });
  const runs = outcomes.chain((list) => {
    const indices = list.map((_, i) => i);
    return fc.record({
      list: fc.constant(list),
      deliveries: fc.shuffledSubarray([...indices, ...indices], { minLength: indices.length }),
      batchSizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 10 }),
      faults: fc.array(
        fc.constantFrom(
          'none',
          'none',
          'flush',
          'crash before the window',
          'crash after the window',
          'twice at once',
        ),
        {
          minLength: 1,
          maxLength: 20,
        },
      ),
    });
  });

  /** Ingestion that dies before or after it moves the window, as a killed process would. */
  function dying(when: 'before' | 'after'): IngestDeps {
    const windows: WindowCache = {
      async record(shard, updates) {
        if (when === 'after') await deps.windows.record(shard, updates);
        throw new Error('killed');
      },
    };
    return { ...deps, windows };
  }

  /** Unknown checks move no window. */
  async function expectToDie(
    batch: readonly CheckResult[],
    when: 'before' | 'after',
  ): Promise<void> {
    const ingesting = expect(ingest(batch, dying(when)));
    if (batch.some((one) => one.outcome !== 'unknown')) await ingesting.rejects.toThrow('killed');
    else await ingesting.resolves.toBeUndefined();
  }

  async function deliver(batch: readonly CheckResult[], fault: string): Promise<void> {
    if (fault === 'flush') await stores.redis.flushdb();
    if (fault === 'crash before the window') await expectToDie(batch, 'before');
    if (fault === 'crash after the window') await expectToDie(batch, 'after');
    await Promise.all(fault === 'twice at once' ? [ingest(batch), ingest(batch)] : [ingest(batch)]);
  }

  function expected(slots: readonly number[], list: readonly Outcome[]) {
    const known = list.flatMap((outcome, i) =>
      outcome === 'unknown' ? [] : [{ slot: slots[i] ?? 0, failed: outcome === 'failure' }],
    );
    const count = (outcome: Outcome) => list.filter((other) => other === outcome).length;
    const counts = {
      successes: count('success'),
      failures: count('failure'),
      unknown: count('unknown'),
    };
    return {
      alerts: replayAlerts(known, rule, 0, null),
      counts: { rows: counts, rollups: counts },
    };
  }

  test('give the rows, counts and alerts of the naive model', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ({ list, deliveries, batchSizes, faults }) => {
        const { id } = await newMonitor();
        const slots = list.map((_, i) => start + i * 10);
        const at = (i: number) => result(id, slots[i] ?? 0, list[i] ?? 'unknown');
        const order = [...deliveries, ...list.map((_, i) => i)];
        for (let begin = 0, n = 0; begin < order.length; n++) {
          const size = batchSizes[n % batchSizes.length] ?? 1;
          await deliver(
            order.slice(begin, begin + size).map(at),
            faults[n % faults.length] ?? 'none',
          );
          begin += size;
        }
        expect({ alerts: await alertsOf(id), counts: await countsOf(id) }).toEqual(
          expected(slots, list),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('give the same alerts when three schedulers share the work', async () => {
    const monitors = await Promise.all(Array.from({ length: 20 }, newMonitor));
    const outcomeAt = (i: number, n: number): Outcome =>
      (i * 7 + n * 3) % 11 < 4 || (n > 10 && n < 18) ? 'failure' : 'success';
    const steps = Array.from({ length: 40 }, (_, n) => n);
    const batches = steps.flatMap((n) => {
      const all = monitors.map(({ id }, i) => result(id, start + n * 10, outcomeAt(i, n)));
      return [all.slice(0, 10), all.slice(10), all.slice(5, 15)];
    });
    await Promise.all(
      [0, 1, 2].map(async (worker) => {
        for (let i = worker; i < batches.length; i += 3) await ingest(batches[i] ?? []);
      }),
    );
    for (const [i, { id }] of monitors.entries()) {
      const known = steps.map((n) => ({
        slot: start + n * 10,
        failed: outcomeAt(i, n) === 'failure',
      }));
      expect(await alertsOf(id)).toEqual(replayAlerts(known, rule, 0, null));
    }
  });
});
