import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckResult, Outcome } from '@gomon/domain';
import { storeCheckResults } from '@gomon/persistence/pipeline';
import {
  addAlert,
  pointersOf,
  readRow,
  register,
  startTestApi,
  type Client,
  type MonitorBody,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi({ MAX_MONITORS_PER_USER: '1000' });
  client = await api.signUp();
  await addOldPartitions();
});
afterAll(() => api.stop());

/** A day and a minute ago may be the day before yesterday. */
async function addOldPartitions(): Promise<void> {
  await api.sql.query(`
    DO $$ BEGIN FOR shard IN 0..3 LOOP
      EXECUTE format('CREATE TABLE checks_s%s_old PARTITION OF checks_s%s FOR VALUES FROM (''2020-01-01'') TO (%L)', shard, shard,
        date_trunc('day', now()) - interval '1 day');
      EXECUTE format('CREATE TABLE rollups_s%s_old PARTITION OF rollups_s%s FOR VALUES FROM (''2020-01-01'') TO (%L)', shard, shard,
        date_trunc('month', date_trunc('day', now()) - interval '1 day'));
    END LOOP; END $$`);
}

interface Item extends MonitorBody {
  readonly state: { status: string; stale: boolean; maintenanceUntil: string | null };
  readonly standing: string;
  readonly recentChecks: {
    slot: string;
    outcome: Outcome;
    durationMs: number | null;
    reason: string | null;
  }[];
  readonly uptime24h: number | null;
  readonly p95Ms24h: number | null;
  readonly openAlertId: string | null;
}

interface Overview {
  readonly items: Item[];
  readonly nextCursor: string | null;
  readonly totals: Record<string, number>;
}

const now = () => Math.floor(Date.now() / 1000);
const overview = async (query = '', who = client) =>
  (await who.send<Overview>('GET', `/v1/monitors/overview${query}`)).body;

/** Checks as old as these seconds, oldest first. */
async function addChecks(
  monitor: MonitorBody,
  outcomes: readonly Outcome[],
  ages: readonly number[],
): Promise<void> {
  const { shard } = await readRow(api, monitor);
  const results = outcomes.map((outcome, i): CheckResult => {
    const slot = now() - (ages[i] ?? 0);
    const reason = outcome === 'success' ? null : outcome === 'failure' ? 'timeout' : 'internal';
    const phases = i % 4 > 0 && { phases: [i, 1, 2, 3] as const };
    return {
      monitorId: monitor.id,
      slot,
      outcome,
      reason,
      statusCode: null,
      durationMs: 10 + i,
      ...phases,
      checkedAt: slot * 1000,
    };
  });
  await api.sql.query(
    `UPDATE monitors SET created_at = created_at - interval '2 days' WHERE id = $1`,
    [monitor.id],
  );
  await storeCheckResults(
    api.db,
    results.map((result) => ({ ...result, shard })),
    30,
  );
}

describe('the overview', () => {
  test('shows the last 40 checks, oldest first, and the figures of a day', async () => {
    const monitor = await register(client);
    const ages = Array.from({ length: 50 }, (_, i) => 60 * (50 - i));
    await addChecks(
      monitor,
      [...ages.map((_, i): Outcome => (i % 5 === 0 ? 'failure' : 'success'))],
      ages,
    );
    await addChecks(monitor, ['failure', 'success'], [23 * 3600, 24 * 3600 + 60]);
    const { items } = await overview(`?q=${monitor.name.replace(' ', '%20')}`);
    expect(items).toHaveLength(1);
    const [item] = items as [Item];
    expect(item).toMatchObject({
      id: monitor.id,
      name: monitor.name,
      standing: 'up',
      openAlertId: null,
      tags: [],
    });
    expect(item.uptime24h).toBeCloseTo(40 / 51, 10);
    const slots = item.recentChecks.map(({ slot }) => Date.parse(slot));
    expect(slots).toHaveLength(40);
    expect(slots).toEqual(slots.toSorted((a, b) => a - b));
    expect(item.recentChecks.at(-1)).toEqual({
      slot: expect.any(String),
      outcome: 'success',
      durationMs: 59,
      reason: null,
    });
    expect(item.recentChecks.at(-5)).toMatchObject({ outcome: 'failure', reason: 'timeout' });
    const stats = (await client.send('GET', `/v1/monitors/${monitor.id}/stats`)).body as {
      uptimeRatio: number;
      latencyMs: { p95: number };
    };
    expect([item.uptime24h, item.p95Ms24h]).toEqual([stats.uptimeRatio, stats.latencyMs.p95]);
  });

  test('shows each status, counts all, and can be filtered by status', async () => {
    const owner = await api.signUp();
    const [up, failed, alerting, paused, unknown] = await Promise.all(
      Array.from({ length: 5 }, (_, i) => register(owner, { paused: i === 3 })),
    );
    if (!up || !failed || !alerting || !paused || !unknown) throw new Error('five were registered');
    const [fresh, stale, staleDown] = [
      await register(owner),
      await register(owner),
      await register(owner),
    ];
    await addChecks(stale, ['failure', 'success', 'unknown'], [400, 200, 60]);
    await addChecks(staleDown, ['failure'], [400]);
    await addAlert(api, staleDown, owner.userId);
    await api.sql.query(`UPDATE monitors SET active_since = created_at WHERE id = ANY($1)`, [
      [stale.id, staleDown.id],
    ]);
    await addChecks(up, ['failure', 'success'], [120, 60]);
    await addChecks(failed, ['success', 'failure'], [120, 60]);
    await addChecks(alerting, ['failure', 'success'], [120, 60]);
    await addChecks(unknown, ['success', 'unknown'], [120, 60]);
    const alertId = await addAlert(api, alerting, owner.userId);
    const { items, totals } = await overview('', owner);
    expect(Object.fromEntries(items.map(({ id, standing }) => [id, standing]))).toEqual({
      [up.id]: 'up',
      [failed.id]: 'down',
      [alerting.id]: 'down',
      [paused.id]: 'paused',
      [unknown.id]: 'pending',
      [fresh.id]: 'pending',
      [stale.id]: 'stale',
      [staleDown.id]: 'down',
    });
    for (const { id, standing, state } of items) {
      expect(state).toMatchObject({
        status: standing,
        stale: id === stale.id || id === staleDown.id,
      });
      expect((await owner.send('GET', `/v1/monitors/${id}`)).body['state']).toEqual(state);
    }
    expect(items.find(({ id }) => id === alerting.id)?.openAlertId).toBe(alertId);
    expect(totals).toEqual({ up: 1, down: 3, paused: 1, pending: 2, stale: 1 });
    for (const state of ['up', 'down', 'paused', 'pending', 'stale']) {
      const asked = await overview(`?state=${state}`, owner);
      expect(asked.items.map((item) => item.id)).toEqual(
        items.filter((item) => item.standing === state).map((item) => item.id),
      );
      expect(asked.totals).toEqual(totals);
    }
  });

  test('counts those that match the search and the tag, for every status filter', async () => {
    const owner = await api.signUp();
    await register(owner, { name: 'Shop', tags: ['prod'] });
    await register(owner, { name: 'Blog', tags: ['prod'], paused: true });
    await register(owner, { name: 'Shop of old', paused: true });
    const totalsOf = async (query: string) => (await overview(query, owner)).totals;
    expect(await totalsOf('')).toMatchObject({ pending: 1, paused: 2 });
    expect(await totalsOf('?tag=prod')).toMatchObject({ pending: 1, paused: 1 });
    expect(await totalsOf('?q=shop&state=paused')).toMatchObject({ pending: 1, paused: 1 });
    expect(await totalsOf('?q=shop&tag=prod')).toMatchObject({ pending: 1, paused: 0 });
  });

  test('says until when a monitor is in maintenance', async () => {
    const owner = await api.signUp();
    const [one, other] = [await register(owner), await register(owner)];
    const untilOf = async ({ id }: MonitorBody) => {
      const { state } = (await owner.send<Item>('GET', `/v1/monitors/${id}`)).body;
      const listed = (await overview('', owner)).items.find((item) => item.id === id);
      expect(listed?.state).toEqual(state);
      return state.maintenanceUntil;
    };
    const startsAt = new Date((now() - 60) * 1000).toISOString();
    const later = new Date((now() + 600) * 1000).toISOString();
    const add = (body: object) =>
      owner.send('POST', '/v1/maintenance-windows', {
        name: 'any',
        durationSeconds: 3600,
        ...body,
      });
    await add({ name: 'later', startsAt: later });
    expect(await untilOf(one)).toBeNull();
    const made = await add({ name: 'of one', startsAt, monitorId: one.id });
    expect(made.status).toBe(201);
    const end = new Date(Date.parse(startsAt) + 3_600_000).toISOString();
    expect([await untilOf(one), await untilOf(other)]).toEqual([end, null]);
    await add({ name: 'of all', startsAt, durationSeconds: 7200 });
    const longer = new Date(Date.parse(startsAt) + 7_200_000).toISOString();
    expect([await untilOf(one), await untilOf(other)]).toEqual([longer, longer]);
  });

  test('has each monitor once, page by page', async () => {
    const owner = await api.signUp();
    const names = [];
    for (let i = 0; i < 5; i++) names.push((await register(owner)).name);
    const first = await overview('?limit=2', owner);
    const second = await overview(`?limit=2&cursor=${first.nextCursor}`, owner);
    const third = await overview(`?limit=2&cursor=${second.nextCursor}`, owner);
    expect([first, second, third].flatMap(({ items }) => items.map(({ name }) => name))).toEqual(
      names,
    );
    expect(third.nextCursor).toBeNull();
  });

  test('finds part of a name or URL taken literally, and a tag', async () => {
    const owner = await api.signUp();
    const namesOf = async (query: string) =>
      (await overview(query, owner)).items.map(({ name }) => name);
    await register(owner, { name: 'Shop 100%', tags: ['prod', 'two words'] });
    await register(owner, { name: 'Blog', url: 'https://example.com/Shop_b', tags: ['prod'] });
    await register(owner, { name: 'Other' });
    expect(await namesOf('?q=SHOP')).toEqual(['Shop 100%', 'Blog']);
    expect(await namesOf('?q=%25')).toEqual(['Shop 100%']);
    expect(await namesOf('?q=_')).toEqual(['Blog']);
    expect(await namesOf('?tag=two%20words')).toEqual(['Shop 100%']);
    expect(await namesOf('?tag=prod&q=blog')).toEqual(['Blog']);
    expect(await namesOf('?tag=pro')).toEqual([]);
    expect((await owner.send('GET', '/v1/tags')).body).toEqual({
      items: [
        { tag: 'prod', monitors: 2 },
        { tag: 'two words', monitors: 1 },
      ],
    });
  });

  test.each([
    'state=broken',
    'tag=',
    'q=',
    `q=${'x'.repeat(201)}`,
    'limit=0',
    'cursor=x',
    'name=x',
  ])('refuses ?%s', async (query) => {
    expect(pointersOf(await client.send('GET', `/v1/monitors/overview?${query}`))).toEqual([
      `/${query.replace(/=.*/s, '')}`,
    ]);
  });
});

test('tags are changed with the other settings, and refused when they are too many, too long or repeated', async () => {
  const monitor = await register(client, { tags: ['a'] });
  const patch = (tags: unknown) => client.send('PATCH', `/v1/monitors/${monitor.id}`, { tags });
  expect((await patch(['b', 'c'])).body['tags']).toEqual(['b', 'c']);
  for (const tags of [
    ['a', 'a'],
    ['x'.repeat(41)],
    [''],
    Array.from({ length: 21 }, (_, i) => `${i}`),
    'a',
    [1],
  ]) {
    expect((await patch(tags)).status).toBe(400);
  }
});

describe('many monitors at once', () => {
  const bulk = (action: string, ids: readonly string[], who = client) =>
    who.send<{ done: string[]; notFound: string[] }>('POST', '/v1/monitors/bulk', { action, ids });

  test("are paused and resumed, each with an immediate check, and other users' are not found", async () => {
    const [one, two] = [await register(client), await register(client, { paused: true })];
    const foreign = await register(await api.signUp());
    const nowhere = randomUUID();
    const ids = [one.id, two.id, foreign.id, nowhere];
    const answer = {
      done: expect.arrayContaining([one.id, two.id]),
      notFound: [foreign.id, nowhere],
    };
    expect(await bulk('pause', ids)).toMatchObject({ status: 200, body: answer });
    const paused = await readRow(api, one);
    expect(paused).toMatchObject({ immediate_pending: false, version: 2, paused: true });
    expect((await readRow(api, two)).version).toBe(1);
    expect(await bulk('resume', ids)).toMatchObject({ status: 200, body: answer });
    for (const monitor of [one, two]) {
      const row = await readRow(api, monitor);
      expect(row).toMatchObject({ paused: false, immediate_pending: true });
      expect(Number(row.immediate_slot)).toBeGreaterThan(Number(row.active_since));
    }
    expect(Number((await readRow(api, one)).active_since)).toBeGreaterThan(
      Number(paused.active_since),
    );
    expect(await readRow(api, foreign)).toMatchObject({ version: 1, paused: false });
  });

  test('are removed with their alerts', async () => {
    const [one, other] = [await register(client), await register(client)];
    await addAlert(api, one, client.userId);
    expect((await bulk('delete', [one.id])).body).toEqual({ done: [one.id], notFound: [] });
    expect((await bulk('delete', [one.id])).body).toEqual({ done: [], notFound: [one.id] });
    expect((await client.send('GET', `/v1/monitors/${other.id}`)).status).toBe(200);
    expect(
      (await api.sql.query('SELECT FROM alerts WHERE monitor_id = $1', [one.id])).rowCount,
    ).toBe(0);
  });

  test.each([
    ['none', { action: 'pause', ids: [] }, '/ids'],
    [
      'more than 500',
      { action: 'pause', ids: Array.from({ length: 501 }, () => randomUUID()) },
      '/ids',
    ],
    ['what is no id', { action: 'pause', ids: ['x'] }, '/ids/0'],
    ['another action', { action: 'stop', ids: [randomUUID()] }, '/action'],
  ])('are refused when they are %s', async (_, body, pointer) => {
    expect(pointersOf(await client.send('POST', '/v1/monitors/bulk', body))).toEqual([pointer]);
  });
});

describe('the latency of a monitor', () => {
  test.each(['1h', '24h', '7d', '30d'])(
    'over %s is counted in buckets that hold every check once',
    async (period) => {
      const monitor = await register(client);
      await addChecks(
        monitor,
        ['success', 'failure', 'success', 'unknown', 'success'],
        [3000, 2400, 1200, 600, 0],
      );
      const { body, status } = await client.send<{
        bucketSeconds: number;
        points: {
          at: string;
          count: number;
          failures: number;
          p50Ms: number | null;
          phases: object | null;
        }[];
      }>('GET', `/v1/monitors/${monitor.id}/latency?period=${period}`);
      expect(status).toBe(200);
      const sum = (name: 'count' | 'failures') =>
        body.points.reduce((total, point) => total + point[name], 0);
      expect([sum('count'), sum('failures')]).toEqual([4, 1]);
      for (const { at, p50Ms, count, failures } of body.points) {
        expect((Date.parse(at) / 1000) % body.bucketSeconds).toBe(0);
        expect(p50Ms === null).toBe(count === failures);
      }
      expect(body.points.at(-1)).toMatchObject({ p95Ms: 14, p99Ms: 14 });
    },
  );

  test.each(['1h', '30d'])(
    'over %s shows the mean phases of successes that have them',
    async (period) => {
      const [silent, telling] = [await register(client), await register(client)];
      const sinceLastMinute = 60 + (now() % 60);
      await addChecks(silent, ['success'], [sinceLastMinute]);
      await addChecks(
        telling,
        ['failure', 'failure', 'success', 'success'],
        [0, 1, 2, 3].map((second) => sinceLastMinute - second),
      );
      const phasesOf = async ({ id }: MonitorBody) => {
        const url = `/v1/monitors/${id}/latency?period=${period}`;
        const { body } = await client.send<{ points: { phases: object | null }[] }>('GET', url);
        return body.points.map(({ phases }) => phases);
      };
      expect(await phasesOf(silent)).toEqual([null]);
      expect(await phasesOf(telling)).toEqual([
        { dnsMs: 2.5, connectMs: 1, tlsMs: 2, firstByteMs: 3, restMs: 4 },
      ]);
    },
  );
});

interface Preview {
  readonly alertCount: number;
  readonly alerts: { readonly openedAt: string; readonly resolvedAt: string | null }[];
}

describe('the preview of a rule', () => {
  test('shows the alerts that it would have opened, and changes nothing', async () => {
    const monitor = await register(client);
    const minutes = (...ages: number[]) => ages.map((age) => age * 60);
    await addChecks(
      monitor,
      [
        'failure',
        'failure',
        'failure',
        'success',
        'unknown',
        'failure',
        'success',
        'failure',
        'failure',
      ],
      minutes(60, 59, 58, 54, 53, 40, 34, 2, 1),
    );
    const preview = (body: object) =>
      client.send('POST', `/v1/monitors/${monitor.id}/alert-preview`, body);
    const { status, body } = await preview({ threshold: 1, windowSeconds: 300 });
    expect(status).toBe(200);
    const { items } = (
      await client.send<{ items: { slot: string }[] }>('GET', `/v1/monitors/${monitor.id}/checks`)
    ).body;
    const slots = items.map(({ slot }) => slot).reverse();
    expect(body).toMatchObject({
      checks: 8,
      alertCount: 2,
      alerts: [
        { openedAt: slots[1], resolvedAt: slots[3], failures: 2 },
        { openedAt: slots[8], resolvedAt: null, failures: 2 },
      ],
    });
    expect((await preview({ threshold: 4, windowSeconds: 300, days: 1 })).body).toMatchObject({
      checks: 8,
      alertCount: 0,
      alerts: [],
    });
    expect((await client.send('GET', '/v1/alerts')).body['items']).toEqual([]);
    expect(pointersOf(await preview({ threshold: -1, windowSeconds: 1, days: 8 }))).toEqual([
      '/days',
      '/threshold',
      '/windowSeconds',
    ]);
  });

  test('shows the newest 200 alerts, and how many there are', async () => {
    const monitor = await register(client);
    const outcomes = Array.from({ length: 421 }, (_, i): Outcome =>
      i % 2 === 0 ? 'failure' : 'success',
    );
    const ages = outcomes.map((_, i) => 60 * (outcomes.length - i));
    await addChecks(monitor, outcomes, ages);
    const rule = { threshold: 0, windowSeconds: 60 };
    const { body } = await client.send<Preview>(
      'POST',
      `/v1/monitors/${monitor.id}/alert-preview`,
      rule,
    );
    expect(body).toMatchObject({ checks: 421, alertCount: 211 });
    expect(body.alerts).toHaveLength(200);
    const openings = body.alerts.map(({ openedAt }) => Date.parse(openedAt));
    expect(openings).toEqual([...openings].sort());
    expect(openings.at(-1)).toBeGreaterThan(Date.now() - 90_000);
    expect(body.alerts.at(-1)?.resolvedAt).toBeNull();
  });
});
