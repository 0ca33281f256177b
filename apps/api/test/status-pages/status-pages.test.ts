import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CheckResult, Outcome } from '@gomon/domain';
import { storeCheckResults } from '@gomon/persistence/pipeline';
import {
  addAlert,
  pointersOf,
  readRow,
  register,
  send,
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

const newSlug = () => `page-${randomUUID()}`;
const get = (url: string, headers = {}) => send(api.app, { url, headers });

async function addPage(settings: object = {}, who = client) {
  const slug = newSlug();
  const answer = await who.send<{ id: string; slug: string }>('POST', '/v1/status-pages', {
    slug,
    title: 'Acme',
    ...settings,
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
}

async function addCheck(monitor: MonitorBody, outcome: Outcome): Promise<void> {
  const { shard } = await readRow(api, monitor);
  const slot = Math.floor(Date.now() / 1000);
  const reason = outcome === 'success' ? null : 'timeout';
  const result: CheckResult = {
    monitorId: monitor.id,
    slot,
    outcome,
    reason,
    statusCode: null,
    durationMs: 42,
    checkedAt: slot * 1000,
  };
  await storeCheckResults(api.db, [{ ...result, shard }], 30);
}

describe('a status page', () => {
  test('is created, listed, changed with its version, and deleted', async () => {
    const owner = await api.signUp();
    const monitor = await register(owner);
    const slug = newSlug();
    const groups = [{ name: 'Web', monitorIds: [monitor.id] }];
    const made = await owner.send('POST', '/v1/status-pages', { slug, title: 'Acme', groups });
    expect(made).toMatchObject({
      status: 201,
      headers: { etag: '"1"', location: `/v1/status-pages/${String(made.body['id'])}` },
    });
    expect(made.body).toEqual({
      ...{ id: expect.any(String), slug, title: 'Acme', description: '', groups, published: false },
      ...{ createdAt: expect.any(String), updatedAt: expect.any(String) },
    });
    const url = String(made.headers['location']);
    expect((await owner.send('GET', '/v1/status-pages')).body).toEqual({
      items: [made.body],
      nextCursor: null,
    });
    expect(await owner.send('GET', url)).toMatchObject({
      status: 200,
      headers: { etag: '"1"' },
      body: made.body,
    });
    const changed = await owner.send('PATCH', url, { published: true }, { 'if-match': '"1"' });
    expect(changed).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { title: 'Acme', published: true },
    });
    expect((await owner.send('PATCH', url, { title: 'B' }, { 'if-match': '"1"' })).status).toBe(
      412,
    );
    await owner.send('DELETE', `/v1/monitors/${monitor.id}`);
    expect((await owner.send('GET', url)).body['groups']).toEqual([
      { name: 'Web', monitorIds: [] },
    ]);
    expect((await owner.send('DELETE', url)).status).toBe(204);
    expect((await owner.send('GET', url)).status).toBe(404);
  });

  test('has a slug unique across users', async () => {
    const { slug } = await addPage();
    const other = await addPage({}, await api.signUp());
    const again = await client.send('POST', '/v1/status-pages', { slug: other.slug, title: 'x' });
    expect(again).toMatchObject({ status: 409, body: { code: 'slug_taken' } });
    const { id } = await addPage();
    expect((await client.send('PATCH', `/v1/status-pages/${id}`, { slug })).status).toBe(409);
  });

  test('shows only monitors of its owner', async () => {
    const [own, foreign] = [await register(client), await register(await api.signUp())];
    const groups = [
      { name: 'a', monitorIds: [] },
      { name: 'b', monitorIds: [own.id, foreign.id] },
    ];
    const answer = await client.send('POST', '/v1/status-pages', {
      slug: newSlug(),
      title: 'x',
      groups,
    });
    expect([answer.status, pointersOf(answer)]).toEqual([400, ['/groups/1/monitorIds/1']]);
    const { id } = await addPage();
    expect(pointersOf(await client.send('PATCH', `/v1/status-pages/${id}`, { groups }))).toEqual([
      '/groups/1/monitorIds/1',
    ]);
  });

  test.each(['ab', 'Upper', '-a-', 'a b', 'a/b', 'x'.repeat(64), ''])(
    'refuses the slug %j',
    async (slug) => {
      expect(
        pointersOf(await client.send('POST', '/v1/status-pages', { slug, title: 'x' })),
      ).toEqual(['/slug']);
    },
  );

  test('ends at fifty of a user', async () => {
    const owner = await api.signUp();
    for (let i = 0; i < 50; i++) await addPage({}, owner);
    const answer = await owner.send('POST', '/v1/status-pages', { slug: newSlug(), title: 'x' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'status_page_limit_reached' } });
  });
});

test('a message is posted, listed, ended and deleted, on pages of its owner only', async () => {
  const { id } = await addPage();
  const url = `/v1/status-pages/${id}/messages`;
  const body = { title: 'Slow', kind: 'incident', startsAt: '2026-01-01T00:00:00.000Z' };
  const made = await client.send('POST', url, body);
  expect(made).toMatchObject({ status: 201, body: { ...body, body: '', endsAt: null } });
  const newer = await client.send('POST', url, {
    title: 'Works',
    kind: 'maintenance',
    endsAt: '2099-01-01T00:00:00Z',
  });
  expect((await client.send('GET', url)).body).toEqual({
    items: [newer.body, made.body],
    nextCursor: null,
  });
  const one = `${url}/${String(made.body['id'])}`;
  const ended = await client.send('PATCH', one, { endsAt: '2026-01-02T00:00:00Z' });
  expect(ended).toMatchObject({
    status: 200,
    body: { title: 'Slow', endsAt: '2026-01-02T00:00:00.000Z' },
  });
  expect(pointersOf(await client.send('PATCH', one, { endsAt: '2025-01-02T00:00:00Z' }))).toEqual([
    '/endsAt',
  ]);
  const stranger = await api.signUp();
  const foreign = await addPage({}, stranger);
  expect((await stranger.send('PATCH', one, { title: 'x' })).status).toBe(404);
  expect((await stranger.send('DELETE', one)).status).toBe(404);
  expect((await stranger.send('DELETE', one.replace(id, foreign.id))).status).toBe(404);
  expect((await stranger.send('POST', url, body)).status).toBe(404);
  expect((await client.send('DELETE', one)).status).toBe(204);
  expect((await client.send('PATCH', one, { title: 'x' })).status).toBe(404);
});

test('messages end at five hundred of a page, however many are said at once', async () => {
  const { id } = await addPage();
  await api.sql.query(
    `INSERT INTO status_messages (id, page_id, title, body, kind, starts_at)
     SELECT gen_random_uuid(), $1, 'said', '', 'notice', now() FROM generate_series(1, 498)`,
    [id],
  );
  const say = () =>
    client.send('POST', `/v1/status-pages/${id}/messages`, { title: 'a', kind: 'notice' });
  const answers = await Promise.all(Array.from({ length: 6 }, say));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 403, 403, 403, 403]);
  expect(await say()).toMatchObject({
    status: 403,
    body: { code: 'status_message_limit_reached' },
  });
});

describe('the public page', () => {
  test('shows names, conditions and messages, escaped, and nothing else of the monitors', async () => {
    const owner = await api.signUp();
    const [up, failing, down, hidden] = [
      await register(owner, { name: 'Shop <b>&"', url: 'https://example.com/secret-path' }),
      await register(owner, { name: 'Failing' }),
      await register(owner, { name: 'Broken' }),
      await register(owner, { name: 'Not shown' }),
    ];
    await addCheck(up, 'success');
    await addCheck(failing, 'failure');
    await addCheck(down, 'failure');
    await addAlert(api, down, owner.userId);
    const groups = [{ name: 'Web', monitorIds: [up.id, failing.id, down.id] }];
    const page = await addPage(
      { title: 'Acme <script>', description: 'All of it', groups, published: true },
      owner,
    );
    await owner.send('POST', `/v1/status-pages/${page.id}/messages`, {
      title: 'Now & here',
      kind: 'incident',
      body: '<i>sorry</i>',
    });
    const answer = await get(`/status/${page.slug}`);
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'public, max-age=15',
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; style-src 'sha256-[^']+'; /,
        ),
      },
    });
    for (const text of [
      'Acme &lt;script&gt;',
      'Shop &lt;b&gt;&amp;&quot;',
      'Now &amp; here',
      '&lt;i&gt;sorry',
      'Some systems are down',
    ]) {
      expect(answer.text).toContain(text);
    }
    expect(answer.text).toMatch(/aria-label="The last 90 days: 1 up, 89 no data"/);
    expect(answer.text).toMatch(/aria-label="The last 90 days: 1 some checks fail, 89 no data"/);
    expect(answer.text).toMatch(/aria-label="The last 90 days: 1 down, 89 no data"/);
    expect(answer.text).toContain('Broken is down');
    for (const secret of [
      hidden.name,
      'secret-path',
      'example.com',
      up.id,
      owner.userId,
      page.id,
      '<script',
      '<i>',
    ]) {
      expect(answer.text).not.toContain(secret);
    }
    const feed = await get(`/status/${page.slug}/feed.xml`, { host: 'status.test' });
    expect(feed).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/rss+xml; charset=utf-8' },
    });
    for (const text of [
      `<link>http://status.test/status/${page.slug}</link>`,
      'incident: Now &amp; here',
      'Broken is down',
    ]) {
      expect(feed.text).toContain(text);
    }
  });

  test('has a feed that no cache hands on, because it names whatever host it was asked by', async () => {
    const page = await addPage({ published: true });
    const feed = await get(`/status/${page.slug}/feed.xml`, { host: 'evil.test"><script>' });
    expect(feed).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'private, max-age=15' },
    });
    expect(feed.text).toContain('<link>http://evil.test&quot;&gt;&lt;script&gt;/status/');
    const again = await get(`/status/${page.slug}/feed.xml`, { host: 'status.test' });
    expect(again.text).not.toContain('evil.test');
    expect((await get(`/status/${page.slug}`, { host: 'evil.test' })).text).not.toContain(
      'evil.test',
    );
  });

  test('is not read from the database while it is fresh, and not sent again to clients that have it', async () => {
    const page = await addPage({ published: true });
    const first = await get(`/status/${page.slug}`);
    await api.sql.query('UPDATE status_pages SET title = $1 WHERE id = $2', ['Other', page.id]);
    expect((await get(`/status/${page.slug}`)).text).toBe(first.text);
    const again = await get(`/status/${page.slug}`, {
      'if-none-match': `W/${String(first.headers['etag'])}`,
    });
    expect(again).toMatchObject({
      status: 304,
      text: '',
      headers: { etag: first.headers['etag'] },
    });
  });

  test.each(['', '/feed.xml'])(
    'is a "not found" page when none is published: /status/…%s',
    async (path) => {
      const { slug } = await addPage();
      for (const name of [slug, newSlug(), 'x', 'A%20B', '%00', "'--"]) {
        const answer = await get(`/status/${name}${path}`);
        expect(answer).toMatchObject({
          status: 404,
          headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
        });
        expect(answer.text).toContain('There is no status page here');
      }
    },
  );
});

describe('a badge', () => {
  const open = async (monitor: MonitorBody) =>
    (await client.send<Record<string, string>>('PUT', `/v1/monitors/${monitor.id}/badge`)).body;

  test('shows the state, the uptime and the latency to anyone with its token, and nothing else', async () => {
    const monitor = await register(client, { name: 'Secret name' });
    await addCheck(monitor, 'success');
    const {
      token = '',
      stateUrl = '',
      uptimeUrl = '',
      latencyUrl = '',
      shieldsUrl = '',
    } = await open(monitor);
    expect(token).toMatch(/^[\w-]{24}$/);
    expect(await open(monitor)).toMatchObject({ token });
    const titles = [];
    for (const url of [stateUrl, uptimeUrl, `${latencyUrl}?period=1h`]) {
      const { status, headers, text } = await get(url);
      expect({ url, status, ...headers }).toMatchObject({
        ...{
          url,
          status: 200,
          'content-type': 'image/svg+xml; charset=utf-8',
          'cache-control': 'public, max-age=30',
        },
        'cross-origin-resource-policy': 'cross-origin',
      });
      expect(text).not.toMatch(/Secret|example/);
      titles.push(/<title id="title">(.*)<\/title>/.exec(text)?.[1]);
    }
    expect(titles).toEqual(['status: up', 'uptime 24h: 100 %', 'p95 1h: 42 ms']);
    const shield = await get(shieldsUrl);
    expect(shield.body).toEqual({
      schemaVersion: 1,
      label: 'status',
      message: 'up',
      color: 'brightgreen',
      isError: false,
      cacheSeconds: 30,
    });
  });

  test('is revoked permanently, even when another is opened', async () => {
    const monitor = await register(client);
    const { shieldsUrl = '', token } = await open(monitor);
    expect((await client.send('DELETE', `/v1/monitors/${monitor.id}/badge`)).status).toBe(204);
    expect((await client.send('DELETE', `/v1/monitors/${monitor.id}/badge`)).status).toBe(404);
    expect((await get(shieldsUrl)).status).toBe(404);
    expect((await open(monitor))['token']).not.toBe(token);
  });

  test('of no token is not found', async () => {
    for (const token of ['x'.repeat(24), 'x', '%00', '../..'])
      expect((await get(`/badges/${token}/state.svg`)).status).toBe(404);
    expect((await get(`/badges/${'x'.repeat(24)}/uptime.svg?period=1y`)).status).toBe(400);
  });
});
