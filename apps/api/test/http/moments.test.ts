import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  pointersOf,
  register,
  send,
  startTestApi,
  type Client,
  type Answer,
  type TestApi,
} from '../test-api.ts';

/** Before the year 10000 where it is written, and after it in UTC. */
const TOO_LATE = '9999-12-31T23:59:59-23:59';
const LAST = '9999-12-31T23:59:59.999Z';

interface Messages {
  readonly items: { readonly startsAt: string }[];
  readonly nextCursor: string | null;
}

let api: TestApi;
let client: Client;
let monitorId: string;
let pageId: string;
let messageId: string;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
  monitorId = (await register(client)).id;
  const page = { slug: 'moments', title: 'Moments', published: true };
  pageId = (await client.send<{ id: string }>('POST', '/v1/status-pages', page)).body.id;
  const message = { title: 'First', kind: 'notice' };
  messageId = (
    await client.send<{ id: string }>('POST', `/v1/status-pages/${pageId}/messages`, message)
  ).body.id;
});
afterAll(() => api.stop());

type Take = (at: string) => [method: 'GET' | 'POST' | 'PATCH', url: string, body?: object];

/** Everywhere that a moment is taken. */
const TAKEN: Record<string, [pointer: string, Take]> = {
  'the start of a message': [
    '/startsAt',
    (startsAt) => [
      'POST',
      `/v1/status-pages/${pageId}/messages`,
      { title: 'A', kind: 'notice', startsAt },
    ],
  ],
  'the end of a message': [
    '/endsAt',
    (endsAt) => [
      'POST',
      `/v1/status-pages/${pageId}/messages`,
      { title: 'A', kind: 'notice', endsAt },
    ],
  ],
  'the changed end of a message': [
    '/endsAt',
    (endsAt) => ['PATCH', `/v1/status-pages/${pageId}/messages/${messageId}`, { endsAt }],
  ],
  'the end of an API key': [
    '/expiresAt',
    (expiresAt) => ['POST', '/v1/api-keys', { name: 'key', expiresAt }],
  ],
  'the start of maintenance': [
    '/startsAt',
    (startsAt) => ['POST', '/v1/maintenance-windows', { name: 'W', startsAt, durationSeconds: 60 }],
  ],
  'the oldest check': [
    '/from',
    (at) => ['GET', `/v1/monitors/${monitorId}/checks?from=${encodeURIComponent(at)}`],
  ],
  'the newest check': [
    '/to',
    (at) => ['GET', `/v1/monitors/${monitorId}/checks?to=${encodeURIComponent(at)}`],
  ],
};

test.each(Object.keys(TAKEN))(
  '%s is refused beyond the year 9999, before 1970, and where there is no such moment',
  async (what) => {
    const [pointer, take] = TAKEN[what] ?? ['', () => ['GET', '']];
    const none = [
      '0000-01-01T00:00:00Z',
      '0001-01-01T00:00:00+23:59',
      '1970-01-01T00:00:00+00:01',
      '+010000-01-01T00:00:00Z',
    ];
    for (const at of [
      TOO_LATE,
      ...none,
      '2026-02-30T00:00:00Z',
      '2026-12-31T23:59:60Z',
      '2026-01-01T00:00:00Z[UTC]',
    ]) {
      const answer = await client.send(...take(at));
      expect({ at, status: answer.status, pointers: pointersOf(answer) }).toEqual({
        at,
        status: 400,
        pointers: [pointer],
      });
    }
  },
);

test('the last moment there is can be written and read', async () => {
  const messages = `/v1/status-pages/${pageId}/messages`;
  const message = { title: 'Last', kind: 'notice', startsAt: LAST, endsAt: LAST };
  expect(await client.send('POST', messages, message)).toMatchObject({
    status: 201,
    body: { startsAt: LAST, endsAt: LAST },
  });
  expect(
    await client.send('POST', '/v1/api-keys', { name: 'last', expiresAt: LAST }),
  ).toMatchObject({
    status: 201,
    body: { expiresAt: LAST },
  });
});

test('a rule may run until the year 9999 in any time zone, and not until an invalid date', async () => {
  const startsAt = new Date().toISOString();
  const make = (rrule: string, timeZone: string) =>
    client.send('POST', '/v1/maintenance-windows', {
      name: 'W',
      startsAt,
      durationSeconds: 60,
      rrule,
      timeZone,
    });
  for (const until of ['99991231T235959Z', '99991231'])
    for (const zone of ['Pacific/Honolulu', 'Pacific/Kiritimati', 'UTC'])
      expect((await make(`FREQ=DAILY;UNTIL=${until}`, zone)).status).toBe(201);
  for (const until of ['00000101T000000Z', '00010101', '20261301', '20260230T000000Z', '19691231'])
    expect(await make(`FREQ=DAILY;UNTIL=${until}`, 'UTC')).toMatchObject({ status: 400 });
});

test('rows with a later time can be read, and show the last valid time', async () => {
  const later = '10000-01-01 00:00:59+00';
  await api.sql.query('UPDATE status_messages SET starts_at = $1, ends_at = $1 WHERE id = $2', [
    later,
    messageId,
  ]);
  const { body: key } = await client.send<{ id: string }>('POST', '/v1/api-keys', {
    name: 'forever',
  });
  await api.sql.query(`UPDATE api_keys SET expires_at = $1 WHERE id = $2`, ['infinity', key.id]);
  const messages = await client.send<{ items: object[] }>(
    'GET',
    `/v1/status-pages/${pageId}/messages`,
  );
  expect(messages.body.items).toContainEqual(
    expect.objectContaining({ id: messageId, startsAt: LAST, endsAt: LAST }),
  );
  const keys = await client.send<{ items: object[] }>('GET', '/v1/api-keys');
  expect(keys.body.items).toContainEqual(expect.objectContaining({ id: key.id, expiresAt: LAST }));
  await api.sql.query('UPDATE status_messages SET starts_at = now() WHERE id = $1', [messageId]);
  expect((await send(api.app, { url: '/status/moments/feed.xml' })).text).toContain(
    'Until 9999-12-31T23:59:59.999Z',
  );
  expect((await send(api.app, { url: '/status/moments' })).status).toBe(200);
  const patch = { endsAt: '2030-01-01T00:00:00.000Z', startsAt: '2029-01-01T00:00:00.000Z' };
  expect(
    await client.send('PATCH', `/v1/status-pages/${pageId}/messages/${messageId}`, patch),
  ).toMatchObject({
    status: 200,
    body: patch,
  });
});

test('a list continues after a page that ends in a far year', async () => {
  const at = (year: number) => `${year}-01-01T00:00:00.000Z`;
  const { body: page } = await client.send<{ id: string }>('POST', '/v1/status-pages', {
    slug: 'far',
    title: 'Far',
  });
  const messages = `/v1/status-pages/${page.id}/messages`;
  for (const year of [2300, 9000, 9999])
    await client.send('POST', messages, { title: 'T', kind: 'notice', startsAt: at(year) });
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null && seen.length < 4) {
    const url: string = `${messages}?limit=1${cursor && `&cursor=${cursor}`}`;
    const { body }: Answer<Messages> = await client.send<Messages>('GET', url);
    seen.push(...body.items.map(({ startsAt }) => startsAt));
    cursor = body.nextCursor;
  }
  expect(seen).toEqual([at(9999), at(9000), at(2300)]);
});
