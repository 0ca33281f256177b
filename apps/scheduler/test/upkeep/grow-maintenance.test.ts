import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { maintenanceSpans } from '@gomon/maintenance';
import fc from 'fast-check';
import { growMaintenance } from '../../src/upkeep/grow-maintenance.ts';
import { purgeExpired } from '../../src/upkeep/purge-expired.ts';
import { openStores } from '../fixtures.ts';
import { addMonitor } from '../notifications/notifying.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const daysFrom = (at: number, days: number) =>
  new Date(Math.floor((at + days * DAY_MS) / HOUR_MS) * HOUR_MS);

let stores: Awaited<ReturnType<typeof openStores>>;
let ownerId: string;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.user.deleteMany();
  ownerId = (await addMonitor(stores.db)).ownerId;
});

/** A window with all spans that begin before `spansThrough`. */
async function addWindow(
  rule: { rrule: string; timeZone: string; durationSeconds: number; startsAt: Date },
  spansThrough: Date,
) {
  const id = randomUUID();
  await stores.db.maintenanceWindow.create({
    data: { id, ownerId, name: id, ...rule, spansThrough },
  });
  return { id, ...rule };
}

const fromOf = async (windowId: string) =>
  (
    await stores.db.maintenanceSpan.findMany({ where: { windowId }, orderBy: { fromAt: 'asc' } })
  ).map(({ fromAt }) => fromAt);

const anyRule = fc.record({
  rrule: fc.constantFrom(
    'FREQ=HOURLY',
    'FREQ=HOURLY;INTERVAL=5',
    'FREQ=HOURLY;COUNT=900',
    'FREQ=DAILY;BYHOUR=2,3,4',
    'FREQ=WEEKLY',
  ),
  timeZone: fc.constantFrom('UTC', 'Europe/Vienna', 'Australia/Lord_Howe'),
  durationSeconds: fc.constantFrom(60, 3600, 604_800),
});

test('after any pause the next week and the thirty days of statistics have all their spans', async () => {
  const pauses = {
    age: fc.integer({ min: 0, max: 900 }),
    pause: fc.integer({ min: 0, max: 500 }),
    at: fc.integer({ min: 0, max: 400 }),
  };
  await fc.assert(
    fc.asyncProperty(anyRule, fc.record(pauses), async (given, { age, pause, at }) => {
      const now = Date.now() + at * DAY_MS;
      const startsAt = daysFrom(now, -age);
      const window = await addWindow(
        { ...given, startsAt },
        new Date(Math.max(startsAt.getTime(), daysFrom(now, 7 - pause).getTime())),
      );
      await growMaintenance(
        { db: stores.db, onFault: (_, error) => expect(error).toBeNull() },
        now,
      );
      const needed = new Date(
        Math.max(daysFrom(now, -30).getTime(), daysFrom(now, 7 - pause).getTime()),
      );
      const expected = maintenanceSpans(window, needed, daysFrom(now, 7)).map(({ from }) => from);
      const found = await fromOf(window.id);
      expect(found.filter((from) => from >= needed && from < daysFrom(now, 7))).toEqual(expected);
      expect(found.length).toBeLessThanOrEqual(48 * 25);
    }),
    { numRuns: 40 },
  );
});

test('spans too old for statistics are not created, and are removed', async () => {
  const rule = {
    rrule: 'FREQ=DAILY',
    timeZone: 'UTC',
    durationSeconds: 3600,
    startsAt: daysFrom(Date.now(), -500),
  };
  const { id } = await addWindow(rule, daysFrom(Date.now(), -450));
  const old = daysFrom(Date.now(), -460);
  await stores.db.maintenanceSpan.create({
    data: { windowId: id, fromAt: old, untilAt: new Date(old.getTime() + HOUR_MS) },
  });
  const onFault = jest.fn<(what: string, error: Error) => void>();
  await growMaintenance({ db: stores.db, onFault });
  expect((await fromOf(id)).filter((from) => from < daysFrom(Date.now(), -33))).toEqual([old]);
  await purgeExpired(stores.asScheduler, 30);
  expect(await fromOf(id)).not.toContainEqual(old);
  expect(onFault).not.toHaveBeenCalled();
});
