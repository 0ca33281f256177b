import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Outcome } from '@gomon/domain';
import { recordQueueReading } from '@gomon/persistence';
import { storeCheckResults } from '@gomon/persistence/pipeline';
import {
  addAlert,
  readRow,
  register,
  send,
  startTestApi,
  type Client,
  type MonitorBody,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
let owner: Client;
beforeAll(async () => {
  api = await startTestApi({ MAX_MONITORS_PER_USER: '1000' });
});
afterAll(() => api.stop());
beforeEach(async () => {
  owner = await api.signUp();
});

/** What a reader sees of a page with these monitors: its words, and its feed. */
async function show(...monitors: MonitorBody[]) {
  const slug = `page-${randomUUID()}`;
  const groups = [{ name: 'Web', monitorIds: monitors.map(({ id }) => id) }];
  const made = await owner.send('POST', '/v1/status-pages', {
    slug,
    title: 'Acme',
    groups,
    published: true,
  });
  if (made.status !== 201) throw new Error(made.text);
  const { text } = await send(api.app, { url: `/status/${slug}` });
  const feed = await send(api.app, {
    url: `/status/${slug}/feed.xml`,
    headers: { host: 'status.test' },
  });
  return { words: wordsOf(text), html: text, feed: feed.text };
}

function wordsOf(html: string): string {
  const text = html.replace(/<style[\s\S]*?<\/style>/g, '').replaceAll(/<[^>]+>/g, ' ');
  return text.replaceAll(/\s+/g, ' ').replaceAll(' .', '.');
}

async function addCheck(monitor: MonitorBody, outcome: Outcome, secondsAgo = 0): Promise<string> {
  const { shard } = await readRow(api, monitor);
  const slot = Math.floor(Date.now() / 1000) - secondsAgo;
  const reason = { success: null, failure: 'timeout', unknown: 'expired' } as const;
  const result = {
    monitorId: monitor.id,
    slot,
    outcome,
    reason: reason[outcome],
    statusCode: null,
    durationMs: 42,
  };
  await api.sql.query(`UPDATE monitors SET created_at = now() - interval '2 days' WHERE id = $1`, [
    monitor.id,
  ]);
  await storeCheckResults(api.db, [{ ...result, shard, checkedAt: slot * 1000 }], 30);
  return minuteOf(slot * 1000);
}

const minuteOf = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** It had no result for five minutes. */
async function addStale(settings = {}): Promise<[MonitorBody, string]> {
  const monitor = await register(owner, settings);
  const at = await addCheck(monitor, 'success', 300);
  await api.sql.query(
    `UPDATE monitors SET active_since = now() - interval '1 hour' WHERE id = $1`,
    [monitor.id],
  );
  return [monitor, at];
}

async function addUp(settings = {}): Promise<MonitorBody> {
  const monitor = await register(owner, settings);
  await addCheck(monitor, 'success');
  return monitor;
}

const maintain = (body: object) =>
  owner.send('POST', '/v1/maintenance-windows', {
    durationSeconds: 3600,
    startsAt: new Date(Date.now() - 60_000),
    ...body,
  });

const badgeOf = async (monitor: MonitorBody) => {
  const { shieldsUrl = '' } = (
    await owner.send<Record<string, string>>('PUT', `/v1/monitors/${monitor.id}/badge`)
  ).body;
  const { message, color } = (await send(api.app, { url: shieldsUrl })).body;
  return `${String(message)} ${String(color)}`;
};

describe('a stale monitor', () => {
  test('is unknown on a page, in its feed and on its badge, and the page does not say that all systems are up', async () => {
    const [stale, at] = await addStale({ name: 'Search' });
    const { words, feed } = await show(await addUp({ name: 'Shop' }), stale);
    expect(words).toContain(`Search ? Unknown Last checked ${at}`);
    expect(words).toContain('Shop ✓ Up');
    expect(words).toContain('Some statuses are unknown');
    expect(words).not.toContain('All systems up');
    expect(feed).toContain('Search is unknown');
    expect(await badgeOf(stale)).toBe('unknown lightgrey');
    expect((await show(stale)).words).toContain('Status unknown');
  });

  test('with an open alert stays down, and the page shows its last check', async () => {
    const [stale, at] = await addStale({ name: 'Search' });
    await addAlert(api, stale, owner.userId);
    const { words } = await show(stale);
    expect(words).toContain(`Search ✕ Down Last checked ${at}`);
    expect(await badgeOf(stale)).toBe('down red');
  });

  test('counts for nothing in uptime', async () => {
    const [stale] = await addStale();
    expect((await show(stale)).words).toContain('100 % uptime, last 90 days');
  });
});

test('a page says that checks are delayed, and from when its content is, until they are not', async () => {
  const monitor = await register(owner);
  const at = await addCheck(monitor, 'success', 70);
  const banner = `Checks are delayed. This page was last updated at ${at}.`;
  expect((await show(monitor)).words).toContain(banner);
  expect((await show(await register(owner))).words).toContain(
    'Checks are delayed. Nothing is known yet.',
  );
  await api.sql.query('UPDATE shards SET dispatched_through = now()');
  await recordQueueReading(api.db, {
    oldestProbeJobAt: null,
    oldestResultAt: null,
    probersSeen: 1,
  });
  expect((await show(monitor)).words).not.toContain('delayed');
  await recordQueueReading(api.db, {
    oldestProbeJobAt: null,
    oldestResultAt: null,
    probersSeen: 0,
  });
  expect((await show(monitor)).words).toContain(banner);
});

describe('a page', () => {
  test('shows paused monitors as paused, and all systems as up only when all are', async () => {
    const paused = await register(owner, { name: 'Old shop' });
    await addCheck(paused, 'failure');
    await owner.send('PATCH', `/v1/monitors/${paused.id}`, { paused: true });
    const { words } = await show(paused, await addUp());
    expect(words).toContain('Old shop ‖ Paused');
    expect(words).toContain('All checked systems are up');
    expect((await show(paused)).words).toContain('Monitoring is paused');
    expect(await badgeOf(paused)).toBe('paused lightgrey');
    expect((await show(await addUp())).words).toContain('All systems up');
    expect((await show(await addUp(), await register(owner))).words).toContain(
      'Some checks are pending',
    );
  });

  test('shows maintenance and its end, also while an alert is open', async () => {
    const monitor = await register(owner, { name: 'Shop' });
    await addCheck(monitor, 'failure');
    await addAlert(api, monitor, owner.userId);
    const end = minuteOf(Date.now() + 3_540_000);
    expect((await maintain({ name: 'New disks', monitorId: monitor.id })).status).toBe(201);
    const { words, feed } = await show(monitor, await addUp());
    expect(words).toContain(`Shop ◐ In maintenance until ${end}`);
    expect(words).toContain(`Maintenance: New disks Shop Until ${end}`);
    expect(words).toContain('Maintenance in progress');
    expect(`${words}${feed}`).not.toMatch(/Shop is down|Some systems are down/);
    expect(feed).toContain('maintenance: New disks');
    expect(await badgeOf(monitor)).toBe('maintenance blue');
  });

  test('announces the maintenance of the coming week, of its monitors and of all, and no other', async () => {
    const [shown, hidden] = [await register(owner, { name: 'Shop' }), await register(owner)];
    const [soon, late] = [Date.now() + 3 * 86_400_000, Date.now() + 30 * 86_400_000];
    await maintain({ name: 'Move', monitorId: shown.id, startsAt: new Date(soon) });
    await maintain({ name: 'Everywhere', startsAt: new Date(soon), rrule: 'FREQ=DAILY' });
    await maintain({ name: 'Secret', monitorId: hidden.id, startsAt: new Date(soon) });
    await maintain({ name: 'Far away', monitorId: shown.id, startsAt: new Date(late) });
    const { words } = await show(shown, await addUp());
    expect(words).toContain(
      `Planned Maintenance: Move Shop ${minuteOf(soon)} to ${minuteOf(soon + 3_600_000)}`,
    );
    expect(words).toMatch(
      /Maintenance: Everywhere Everything on this page (\S+ \S+ UTC to \S+ \S+ UTC ){3}/,
    );
    expect(words).not.toMatch(/Secret|Far away/);
    expect(words).toContain('Some checks are pending');
  });

  test('lists every ongoing outage, and the newest of each monitor, however many others there are', async () => {
    const [down, rare] = [
      await register(owner, { name: 'Payments' }),
      await register(owner, { name: 'Rare' }),
    ];
    const flapping = await Promise.all(
      Array.from({ length: 3 }, (_, i) => register(owner, { name: `Flapping ${i}` })),
    );
    await api.sql.query(
      `INSERT INTO alerts (id, monitor_id, user_id, opened_at, resolved_at, failures, threshold, window_seconds)
       SELECT gen_random_uuid(), m, $2::uuid, at, at + interval '1 minute', 3, 2, 300
       FROM unnest($1::uuid[]) AS m, generate_series(1, 2001) AS n, LATERAL (SELECT now() - make_interval(mins => 2 * n) AS at) AS t
       UNION ALL SELECT gen_random_uuid(), $3::uuid, $2, now() - interval '9 days', now() - interval '8 days', 3, 2, 300
       UNION ALL SELECT gen_random_uuid(), $4::uuid, $2, now() - interval '50 days', NULL, 3, 2, 300`,
      [flapping.map(({ id }) => id), owner.userId, rare.id, down.id],
    );
    const { words, html, feed } = await show(down, rare, ...flapping);
    expect(words).toContain('Last 14 days Payments is down');
    expect(feed).toContain('Payments is down');
    expect(words).toContain('Rare was down');
    expect(words.match(/Flapping 0 was down/g)).toHaveLength(10);
    expect(html).toMatch(/aria-label="The last 90 days: 51 down, 39 no data"/);
    expect(html).toMatch(/aria-label="The last 90 days: 2 down, 88 no data"/);
  });

  test('shows a current message, however many came and ended since', async () => {
    const monitor = await addUp();
    const slug = `page-${randomUUID()}`;
    const body = {
      slug,
      title: 'Acme',
      groups: [{ name: 'Web', monitorIds: [monitor.id] }],
      published: true,
    };
    const page = (await owner.send<{ id: string }>('POST', '/v1/status-pages', body)).body;
    await api.sql.query(
      `INSERT INTO status_messages (id, page_id, title, body, kind, starts_at, ends_at)
       SELECT gen_random_uuid(), $1::uuid, 'Over', '', 'notice'::status_message_kind, now() - interval '2 hours', now() - interval '1 hour' FROM generate_series(1, 100)
       UNION ALL SELECT gen_random_uuid(), $1, 'Goes on', '', 'incident'::status_message_kind, now() - interval '3 days', NULL`,
      [page.id],
    );
    expect((await send(api.app, { url: `/status/${slug}` })).text).toContain('Goes on');
  });
});
