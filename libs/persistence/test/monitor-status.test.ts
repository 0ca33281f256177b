import { MONITOR_STATUSES, statusOf, type MonitorStatus, type Outcome } from '@gomon/domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  addNumberedMonitors,
  countStatuses,
  createUser,
  findMonitor,
  listMonitorNews,
  listOverview,
  readPublicMonitors,
  type Db,
} from '../src/index.ts';
import { storeCheckResults } from '../src/pipeline/index.ts';
import { openTestDb } from './open-test-db.ts';

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
});
afterAll(async () => {
  await client.end();
  await stores.close();
});

const INTERVALS = [60, 600, 3600] as const;
/** Longer than a test runs. */
const SOON = 60;
const timeoutMs = (interval: number) => Math.min(10_000, interval * 800);
const limit = (interval: number) => 2 * interval + timeoutMs(interval) / 1000 + 15;

/** Ages in seconds before the limit; a negative one is overdue. */
type Check = readonly [before: number, outcome: Outcome];

/** What may have happened to a monitor; every combination is a case. */
const HISTORIES: readonly (readonly Check[])[] = [
  [],
  [[SOON, 'success']],
  [[SOON, 'failure']],
  [[-SOON, 'success']],
  [[-SOON, 'failure']],
  [
    [SOON, 'success'],
    [SOON + 1, 'unknown'],
  ],
  [
    [-SOON, 'success'],
    [SOON + 1, 'unknown'],
  ],
  [[SOON + 1, 'unknown']],
  [[-SOON, 'unknown']],
  [
    [-3 * 3600, 'failure'],
    [-SOON, 'unknown'],
  ],
];

interface Case {
  readonly interval: number;
  readonly checks: readonly Check[];
  readonly paused: boolean;
  readonly alerting: boolean;
  readonly isNew: boolean;
}

const CASES = INTERVALS.flatMap((interval) =>
  HISTORIES.flatMap((checks) =>
    [true, false].flatMap((isNew) =>
      [
        [false, false],
        [true, false],
        [false, true],
      ].map(([paused = false, alerting = false]): Case => ({
        interval,
        checks,
        paused,
        alerting,
        isNew,
      })),
    ),
  ),
);

async function addMonitors(): Promise<Map<string, Case>> {
  for (const interval of INTERVALS) {
    const own = CASES.filter((each) => each.interval === interval).length;
    const settings = {
      ownerId,
      name: `every ${interval}`,
      url: 'http://target/',
      intervalSeconds: interval,
      threshold: 3,
    };
    await addNumberedMonitors(db, { ...settings, shardCount: 4 }, 1, own);
  }
  await client.query(
    `UPDATE monitors SET created_at = now() - interval '2 days', active_since = now() - interval '2 days'`,
  );
  const free = new Map(INTERVALS.map((interval) => [interval as number, 0]));
  const cases = new Map<string, Case>();
  for (const each of CASES) {
    const number = (free.get(each.interval) ?? 0) + 1;
    free.set(each.interval, number);
    const { id } = await db.monitor.findFirstOrThrow({
      where: { name: `every ${each.interval} ${number}` },
    });
    cases.set(id, each);
    if (each.isNew)
      await client.query(`UPDATE monitors SET active_since = now() WHERE id = $1`, [id]);
    if (each.paused) await client.query('UPDATE monitors SET paused = true WHERE id = $1', [id]);
    if (each.alerting) await client.query(OPEN_ALERT, [id, ownerId]);
  }
  return cases;
}

const OPEN_ALERT = `
  INSERT INTO alerts (id, monitor_id, user_id, opened_at, failures, threshold, window_seconds)
  VALUES (gen_random_uuid(), $1, $2, date_trunc('second', now()), 3, 2, 300)`;

async function addChecks(cases: ReadonlyMap<string, Case>): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  for (const [id, { interval, checks }] of cases) {
    const { shard } = await db.monitor.findUniqueOrThrow({ where: { id } });
    const results = checks.map(([before, outcome]) => {
      const slot = now - Math.floor(limit(interval) - before);
      const reason = { success: null, failure: 'timeout', unknown: 'expired' } as const;
      return {
        shard,
        monitorId: id,
        slot,
        outcome,
        reason: reason[outcome],
        statusCode: null,
        durationMs: 5,
        checkedAt: slot * 1000,
      };
    });
    // One by one, oldest last: slots decide which check is the newest.
    for (const result of results.reverse()) await storeCheckResults(db, [result], 30);
  }
}

/** What the domain's rule says about the rows. */
async function expected(id: string, { interval, paused, alerting }: Case) {
  const { rows } = await client.query<{
    active_since: Date;
    last: Outcome | null;
    known: Date | null;
  }>(
    `SELECT m.active_since, (SELECT outcome FROM checks WHERE monitor_id = m.id ORDER BY slot DESC LIMIT 1) AS last,
            (SELECT max(slot) FROM checks WHERE monitor_id = m.id AND outcome <> 'unknown') AS known
     FROM monitors m WHERE m.id = $1`,
    [id],
  );
  const {
    active_since: activeSince,
    last: lastOutcome,
    known: lastKnownSlot,
  } = rows[0] ?? { active_since: new Date(), last: null, known: null };
  const facts = {
    paused,
    alerting,
    intervalSeconds: interval,
    timeoutMs: timeoutMs(interval),
    activeSince,
    lastOutcome,
    lastKnownSlot,
  };
  return statusOf(facts, new Date());
}

test('the database gives each monitor the status of the rule, wherever it is shown', async () => {
  const cases = await addMonitors();
  await addChecks(cases);
  const statuses = new Map<string, MonitorStatus>();
  const stale = new Set<string>();
  for (const [id, each] of cases) {
    const rule = await expected(id, each);
    const state = (await findMonitor(db, ownerId, id))?.state;
    expect({ ...each, status: state?.status, stale: state?.stale }).toEqual({
      ...each,
      status: rule.status,
      stale: rule.stale,
    });
    statuses.set(id, rule.status);
    if (rule.stale) stale.add(id);
  }
  expect(new Set(statuses.values())).toEqual(new Set(MONITOR_STATUSES));
  const ids = [...cases.keys()];
  const shown = await readPublicMonitors(db, ownerId, ids);
  expect(new Map(shown.map(({ id, status }) => [id, status]))).toEqual(statuses);
  const news = await listMonitorNews(db, [ownerId], 120);
  expect(new Set(news.filter((each) => each.stale).map(({ monitorId }) => monitorId))).toEqual(
    stale,
  );
  const counts = await countStatuses(db, ownerId);
  for (const state of MONITOR_STATUSES) {
    const own = ids.filter((id) => statuses.get(id) === state).sort();
    const listed = await listOverview(db, ownerId, { state, limit: 1000 });
    expect(listed.map(({ id }) => id).sort()).toEqual(own);
    expect(counts[state]).toBe(own.length);
  }
});
