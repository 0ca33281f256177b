import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckResult } from '@gomon/domain';
import { storeCheckResults } from '@gomon/persistence/pipeline';
import {
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
});
afterAll(() => api.stop());

interface Page {
  readonly items: Record<string, unknown>[];
  readonly nextCursor: string | null;
}

/** All items of a list, page by page; `between` runs after each page. */
async function walk(
  who: Client,
  url: string,
  limit: number,
  between: () => Promise<unknown> = async () => undefined,
) {
  const items = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = `limit=${limit}${cursor && `&cursor=${cursor}`}`;
    const { status, body }: { status: number; body: Page } = await who.send<Page>(
      'GET',
      `${url}${url.includes('?') ? '&' : '?'}${query}`,
    );
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    items.push(...body.items);
    cursor = body.nextCursor;
    await between();
  }
  return items;
}

/** One each 10 seconds, going back from `from` steps before this minute; each third is a failure. */
async function addChecks(monitor: MonitorBody, from: number, count: number): Promise<void> {
  const { shard } = await readRow(api, monitor);
  const minute = Math.floor(Date.now() / 60_000) * 60;
  const results = Array.from({ length: count }, (_, i): CheckResult => {
    const slot = minute - 10 * (from + i);
    const verdict =
      i % 3 === 0
        ? ({ outcome: 'failure', reason: 'http_status' } as const)
        : ({ outcome: 'success', reason: null } as const);
    const phases = i % 2 === 0 && { phases: [1, 2, 3, 9] as const };
    return {
      monitorId: monitor.id,
      slot,
      ...verdict,
      statusCode: 200,
      durationMs: 20,
      ...phases,
      checkedAt: slot * 1000,
    };
  });
  await api.sql.query(`UPDATE monitors SET created_at = created_at - interval '1 day'`);
  await storeCheckResults(
    api.db,
    results.map((result) => ({ shard, ...result })),
    30,
  );
}

/** Two alerts at each of `count` times, so that times alone give no order. */
async function addAlerts(
  who: Client,
  monitor: MonitorBody,
  from: number,
  count: number,
): Promise<void> {
  await api.sql.query(
    `INSERT INTO alerts (id, monitor_id, user_id, opened_at, resolved_at, failures, threshold, window_seconds)
     SELECT gen_random_uuid(), $1, $2, date_trunc('minute', now()) - make_interval(mins => ($3 + i) / 2), now(), 3, 2, 300
     FROM generate_series(0, 2 * $4 - 1) i`,
    [monitor.id, who.userId, from, count],
  );
}

describe('a list', () => {
  test('of monitors has each once, oldest first, while others are added', async () => {
    const names = [];
    for (let i = 0; i < 25; i++) names.push((await register(client)).name);
    const items = await walk(client, '/v1/monitors', 4, () =>
      names.length < 30 ? register(client).then(({ name }) => names.push(name)) : Promise.resolve(),
    );
    expect(items.map((item) => item['name'])).toEqual(names);
  });

  test('of checks has each once, newest first, while newer ones are added', async () => {
    const monitor = await register(client);
    await addChecks(monitor, 100, 120);
    let newer = 100;
    const items = await walk(client, `/v1/monitors/${monitor.id}/checks`, 7, () =>
      addChecks(monitor, --newer, 1),
    );
    const slots = items.map((item) => Date.parse(item['slot'] as string));
    expect(slots).toHaveLength(120);
    expect(slots).toEqual([...new Set(slots)].sort((a, b) => b - a));
  });

  test('of alerts has each once, newest first, while newer ones are added, also of one moment', async () => {
    const owner = await api.signUp();
    const monitor = await register(owner);
    await addAlerts(owner, monitor, 200, 30);
    let newer = 200;
    for (const url of ['/v1/alerts', `/v1/monitors/${monitor.id}/alerts`]) {
      const before = (await api.sql.query('SELECT FROM alerts WHERE user_id = $1', [owner.userId]))
        .rowCount;
      const items = await walk(owner, url, 7, () => addAlerts(owner, monitor, (newer -= 2), 1));
      expect(items).toHaveLength(before ?? 0);
      expect(new Set(items.map((item) => item['id'])).size).toBe(items.length);
      const moments = items.map((item) => Date.parse(item['openedAt'] as string));
      expect(moments).toEqual(moments.toSorted((a, b) => b - a));
    }
  });

  test('ends with a page that has no cursor, also when the page is full', async () => {
    const owner = await api.signUp();
    for (let i = 0; i < 4; i++) await register(owner);
    const cursors = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Page } = await owner.send<Page>(
        'GET',
        `/v1/monitors?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      cursors.push((cursor = body.nextCursor));
    }
    expect(cursors).toEqual([expect.any(String), null]);
  });

  test('refuses a cursor that it did not issue', async () => {
    const [one, other] = [await register(client), await register(client)];
    await addChecks(one, 0, 3);
    const cursorOf = async (url: string) =>
      (await client.send<Page>('GET', `${url}?limit=1`)).body.nextCursor ?? '';
    const ofMonitors = await cursorOf('/v1/monitors');
    const ofChecks = await cursorOf(`/v1/monitors/${one.id}/checks`);
    const forged = Buffer.from(`monitors 99999999999999999999 ${one.id}`).toString('base64url');
    const refused = [
      ['/v1/monitors', ofChecks],
      [`/v1/monitors/${one.id}/checks`, ofMonitors],
      [`/v1/monitors/${other.id}/checks`, ofChecks],
      ['/v1/alerts', ofMonitors],
      ['/v1/monitors', forged],
      ['/v1/monitors', `${ofMonitors}x`],
      ['/v1/monitors', ofMonitors.slice(1)],
      ['/v1/monitors', `${ofMonitors}%3D`],
      ['/v1/monitors', ''],
      ['/v1/monitors', '%00'],
      ['/v1/monitors', 'x'.repeat(201)],
    ];
    for (const [url, cursor] of refused) {
      const answer = await client.send('GET', `${url}?cursor=${cursor}`);
      expect(answer.status).toBe(400);
      expect(pointersOf(answer)).toEqual(['/cursor']);
    }
  });

  test.each([
    'limit=0',
    'limit=-1',
    'limit=201',
    'limit=1e9',
    'limit=a',
    'limit=',
    'limit=1.5',
    'limit=1&limit=2',
    'limit=null',
    'limit=9223372036854775808',
  ])('refuses ?%s', async (query) => {
    for (const url of ['/v1/monitors', '/v1/alerts']) {
      const answer = await client.send('GET', `${url}?${query}`);
      expect(answer.status).toBe(400);
      expect(pointersOf(answer)).toEqual(['/limit']);
    }
  });

  test.each(['limit[]=1', 'offset=1', '__proto__=1', 'constructor=1', 'ownerId=1'])(
    'refuses the key it does not know: ?%s',
    async (query) => {
      expect(pointersOf(await client.send('GET', `/v1/alerts?${query}`))).toEqual([
        `/${query.replace(/=.*/, '')}`,
      ]);
    },
  );
});

describe('the list of monitors', () => {
  let owner: Client;
  const namesOf = async (query: string) =>
    (await owner.send<Page>('GET', `/v1/monitors?${query}`)).body.items.map((item) => item['name']);

  beforeAll(async () => {
    owner = await api.signUp();
    await register(owner, { name: 'Home 100%' });
    await register(owner, { name: 'home_page', paused: true });
    const broken = await register(owner, { name: 'Shop \\ back' });
    await addChecks(broken, 0, 1);
    await addAlerts(owner, broken, 10, 1);
    await api.sql.query(
      'UPDATE alerts SET resolved_at = NULL WHERE id = (SELECT id FROM alerts WHERE monitor_id = $1 LIMIT 1)',
      [broken.id],
    );
  });

  test('can be asked for part of a name, whatever its case, taken literally', async () => {
    expect(await namesOf('name=HOME')).toEqual(['Home 100%', 'home_page']);
    expect(await namesOf('name=%25')).toEqual(['Home 100%']);
    expect(await namesOf('name=_')).toEqual(['home_page']);
    expect(await namesOf('name=%5C')).toEqual(['Shop \\ back']);
    expect(await namesOf('name=nothing')).toEqual([]);
  });

  test('can be asked for paused and for alerting ones', async () => {
    expect(await namesOf('paused=true')).toEqual(['home_page']);
    expect(await namesOf('paused=false')).toEqual(['Home 100%', 'Shop \\ back']);
    expect(await namesOf('alerting=true')).toEqual(['Shop \\ back']);
    expect(await namesOf('alerting=false&name=home&paused=false')).toEqual(['Home 100%']);
  });

  test('shows the status of each', async () => {
    const { body } = await owner.send<Page>('GET', '/v1/monitors?alerting=true');
    const state = {
      ...{ status: 'down', alerting: true, stale: false, maintenanceUntil: null },
      lastOutcome: 'failure',
      lastReason: 'http_status',
      lastCause: null,
      lastStatusCode: 200,
      lastSlot: expect.stringMatching(/Z$/),
    };
    expect(body.items[0]?.['state']).toEqual(state);
    expect(
      (await owner.send('GET', `/v1/monitors/${String(body.items[0]?.['id'])}`)).body['state'],
    ).toEqual(state);
  });

  test.each([
    'paused=yes',
    'paused=1',
    'paused=',
    'alerting=null',
    'name=',
    `name=${'x'.repeat(101)}`,
    'name=%00',
  ])('refuses ?%s', async (query) => {
    expect(pointersOf(await owner.send('GET', `/v1/monitors?${query}`))).toEqual([
      `/${query.replace(/=.*/s, '')}`,
    ]);
  });
});

describe('the list of checks', () => {
  test('can be asked for a range, both ends included, and for an outcome', async () => {
    const monitor = await register(client);
    await addChecks(monitor, 0, 9);
    const url = `/v1/monitors/${monitor.id}/checks`;
    const all = (await client.send<Page>('GET', url)).body.items;
    expect(all[0]).toEqual({
      slot: expect.stringMatching(/\.000Z$/),
      outcome: 'failure',
      statusCode: 200,
      reason: 'http_status',
      cause: null,
      causeDetail: null,
      explanation: 'status 200',
      durationMs: 20,
      phases: { dnsMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 9, restMs: 5 },
      checkedAt: expect.stringMatching(/Z$/),
    });
    expect(all[1]?.['phases']).toBeNull();
    const [newest, oldest] = [String(all[2]?.['slot']), String(all[5]?.['slot'])];
    expect(
      (await client.send<Page>('GET', `${url}?from=${oldest}&to=${newest}`)).body.items,
    ).toEqual(all.slice(2, 6));
    expect((await client.send<Page>('GET', `${url}?from=${newest}`)).body.items).toEqual(
      all.slice(0, 3),
    );
    expect(await walk(client, `${url}?outcome=failure&to=${newest}`, 1)).toEqual([all[3], all[6]]);
    expect((await client.send<Page>('GET', `${url}?outcome=unknown`)).body.items).toEqual([]);
  });

  test.each([
    ['from=infinity', '/from'],
    ['from=%2B300000-01-01T00:00:00Z', '/from'],
    ['from=0000-01-01T00:00:00Z', '/from'],
    ['from=2026-02-30T00:00:00Z', '/from'],
    ['from=2026-01-01', '/from'],
    ['from=1767225600', '/from'],
    ['from=', '/from'],
    ['to=now', '/to'],
    ['outcome=down', '/outcome'],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', '/from'],
  ])('refuses ?%s', async (query, pointer) => {
    const monitor = await register(client);
    const answer = await client.send('GET', `/v1/monitors/${monitor.id}/checks?${query}`);
    expect(answer.status).toBe(400);
    expect(pointersOf(answer)).toEqual([pointer]);
  });

  test('is empty for a range far away', async () => {
    const monitor = await register(client);
    const answer = await client.send(
      'GET',
      `/v1/monitors/${monitor.id}/checks?from=1970-01-01T00:00:00Z&to=9999-12-31T23:59:59.999999Z`,
    );
    expect(answer).toMatchObject({ status: 200, body: { items: [], nextCursor: null } });
  });
});
