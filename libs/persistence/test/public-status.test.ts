import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  addNumberedMonitors,
  createUser,
  readNewestSpells,
  readSpells,
  type Db,
} from '../src/index.ts';
import { openTestDb } from './open-test-db.ts';

const DAY_MS = 86_400_000;
const today = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS);
const from = new Date(today.getTime() - 89 * DAY_MS);
let stores: Awaited<ReturnType<typeof openTestDb>>;
let db: Db;
let client: pg.Client;
let ownerId: string;
beforeAll(async () => {
  stores = await openTestDb();
  db = stores.db;
  client = new pg.Client({ connectionString: stores.url, options: '-c timezone=UTC' });
  await client.connect();
  ownerId = (await createUser(db, { username: 'ada', passwordHash: 'none' })).id;
  const settings = {
    ownerId,
    name: 'site',
    url: 'http://target/',
    intervalSeconds: 60,
    threshold: 3,
    shardCount: 4,
  };
  await addNumberedMonitors(db, settings, 1, 10);
});
afterAll(async () => {
  await client.end();
  await stores.close();
});

async function idOf(number: number): Promise<string> {
  return (await db.monitor.findFirstOrThrow({ where: { name: `site ${number}` } })).id;
}

/** Alerts of `minutes` each, one every `everyMinutes`, the newest ending `endedDaysAgo`. */
async function addAlerts(
  id: string,
  count: number,
  { everyMinutes = 2, minutes = 1, endedDaysAgo = 0 } = {},
): Promise<void> {
  await client.query(
    `INSERT INTO alerts (id, monitor_id, user_id, opened_at, resolved_at, failures, threshold, window_seconds)
     SELECT gen_random_uuid(), $1, $2, ended - make_interval(mins => $6), ended, 3, 2, 300
     FROM generate_series(0, $3 - 1) AS n, LATERAL (SELECT now() - make_interval(days => $4, mins => $5 * n) AS ended) AS e`,
    [id, ownerId, count, endedDaysAgo, everyMinutes, minutes],
  );
}

/** Days before today on which one of the alerts was open. */
function daysOf(spells: readonly { openedAt: Date; resolvedAt: Date | null }[]): number[] {
  return Array.from({ length: 90 }, (_, before) => before).filter((before) => {
    const day = new Date(today.getTime() - before * DAY_MS);
    const end = new Date(day.getTime() + DAY_MS);
    return spells.some(
      ({ openedAt, resolvedAt }) => openedAt < end && (resolvedAt === null || resolvedAt >= day),
    );
  });
}

test('a few rows show all days with an alert, however many alerts another monitor has', async () => {
  const [busy, long, rare, quiet] = await Promise.all([1, 2, 3, 4].map(idOf));
  if (!busy || !long || !rare || !quiet) throw new Error('four were added');
  await addAlerts(busy, 30_000);
  await addAlerts(long, 3, { everyMinutes: 13 * 1440, minutes: 5 * 1440, endedDaysAgo: 4 });
  await addAlerts(rare, 1, { endedDaysAgo: 80 });
  await client.query(
    `INSERT INTO alerts (id, monitor_id, user_id, opened_at, failures, threshold, window_seconds)
     VALUES (gen_random_uuid(), $1, $2, now() - interval '2 days', 3, 2, 300)`,
    [long, ownerId],
  );
  const all = await client.query<{ monitor_id: string; opened_at: Date; resolved_at: Date | null }>(
    'SELECT * FROM alerts',
  );
  const spells = await readSpells(db, [busy, long, rare, quiet], from, new Date());
  for (const id of [busy, long, rare, quiet]) {
    const rows = all.rows.filter(({ monitor_id }) => monitor_id === id);
    const whole = daysOf(
      rows.map((row) => ({ openedAt: row.opened_at, resolvedAt: row.resolved_at })),
    );
    expect(daysOf(spells.filter(({ monitorId }) => monitorId === id))).toEqual(whole);
  }
  expect(spells.length).toBeLessThan(100);
});

test('an ongoing outage is among the newest alerts, whatever came after it or happens to others', async () => {
  const [down, flapping] = await Promise.all([5, 6].map(idOf));
  if (!down || !flapping) throw new Error('two were added');
  await addAlerts(flapping, 5000);
  await addAlerts(down, 50);
  await client.query(
    `INSERT INTO alerts (id, monitor_id, user_id, opened_at, failures, threshold, window_seconds)
     VALUES (gen_random_uuid(), $1, $2, now() - interval '40 days', 3, 2, 300)`,
    [down, ownerId],
  );
  const spells = await readNewestSpells(
    db,
    [down, flapping],
    new Date(Date.now() - 14 * DAY_MS),
    10,
  );
  const own = spells.filter(({ monitorId }) => monitorId === down);
  expect(own.filter(({ resolvedAt }) => resolvedAt === null)).toHaveLength(1);
  expect([own.length, spells.length]).toEqual([11, 21]);
});
