import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pointersOf, register, startTestApi, type Client, type TestApi } from '../test-api.ts';

let api: TestApi;
let client: Client;
let monitorId: string;
let pageId: string;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
  monitorId = (await register(client)).id;
  const page = { slug: 'names', title: 'Names' };
  pageId = (await client.send<{ id: string }>('POST', '/v1/status-pages', page)).body.id;
});
afterAll(() => api.stop());

type Named = (name: string) => [method: 'POST' | 'PATCH', url: string, body: object];

/** Everything that a user names. */
const NAMED: Record<string, [pointer: string, Named]> = {
  'a monitor': [
    '/name',
    (name) => ['POST', '/v1/monitors', { name, url: 'https://example.com/', threshold: 1 }],
  ],
  'a monitor that is renamed': [
    '/name',
    (name) => ['PATCH', `/v1/monitors/${monitorId}`, { name }],
  ],
  'a tag': ['/tags/0', (name) => ['PATCH', `/v1/monitors/${monitorId}`, { tags: [name] }]],
  'a channel': [
    '/name',
    (name) => [
      'POST',
      '/v1/channels',
      { kind: 'webhook', name, settings: { url: 'https://example.com/' } },
    ],
  ],
  'an API key': ['/name', (name) => ['POST', '/v1/api-keys', { name }]],
  'a maintenance window': [
    '/name',
    (name) => [
      'POST',
      '/v1/maintenance-windows',
      { name, startsAt: new Date().toISOString(), durationSeconds: 60 },
    ],
  ],
  'a status page': ['/title', (title) => ['PATCH', `/v1/status-pages/${pageId}`, { title }]],
  'a group of a status page': [
    '/groups/0/name',
    (name) => ['PATCH', `/v1/status-pages/${pageId}`, { groups: [{ name, monitorIds: [] }] }],
  ],
  'a message': [
    '/title',
    (title) => ['POST', `/v1/status-pages/${pageId}/messages`, { title, kind: 'notice' }],
  ],
};

test.each(Object.keys(NAMED))('%s has a name that can be seen', async (what) => {
  const [pointer, named] = NAMED[what] as [string, Named];
  for (const name of [
    '   ',
    '\u200b',
    '\u00a0',
    'pay\u202epal',
    'two\u2028lines',
    'a\u200bb',
    '\ufeff',
    '\u2066x\u2069',
    '\u3164',
  ]) {
    const answer = await client.send(...named(name));
    expect({ name, status: answer.status, pointers: pointersOf(answer) }).toEqual({
      name,
      status: 400,
      pointers: [pointer],
    });
  }
  expect((await client.send(...named(`Größe 漢字 👩\u200d🚒 ${what.length}`))).status).toBeLessThan(
    300,
  );
});
