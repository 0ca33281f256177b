import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { phaseOf, shardOf } from '@gomon/domain';
import {
  addChannel,
  pointersOf,
  readRow,
  register,
  startTestApi,
  type Client,
  type TestApi,
} from '../test-api.ts';

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
});
afterAll(() => api.stop());

describe('registering a monitor', () => {
  test('fills in the defaults and says where it is', async () => {
    const answer = await client.send('POST', '/v1/monitors', {
      name: 'Home',
      url: 'HTTPS://Example.COM:443/a b#top'.replace(' ', '%20'),
      threshold: 2,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBe(`/v1/monitors/${String(answer.body['id'])}`);
    expect(answer.body).toEqual({
      id: expect.any(String),
      name: 'Home',
      kind: 'http',
      target: 'https://example.com/a%20b',
      url: 'https://example.com/a%20b',
      threshold: 2,
      intervalSeconds: 60,
      timeoutMs: 10_000,
      windowSeconds: 300,
      method: 'GET',
      headers: {},
      expectedStatus: ['200'],
      bodyContains: null,
      maxBodyBytes: 1_048_576,
      followRedirects: true,
      paused: false,
      tags: [],
      channelIds: [],
      state: {
        ...{ status: 'pending', alerting: false, stale: false, maintenanceUntil: null },
        ...{
          lastSlot: null,
          lastOutcome: null,
          lastStatusCode: null,
          lastReason: null,
          lastCause: null,
        },
      },
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect((await client.send('GET', String(answer.headers['location']))).body).toEqual(
      answer.body,
    );
  });

  test('gives it a shard, a phase and a slot within two seconds', async () => {
    const monitor = await register(client, { intervalSeconds: 300, threshold: 0, paused: false });
    const row = await readRow(api, monitor);
    expect(row).toMatchObject({
      shard: shardOf(monitor.id, 4),
      phase: phaseOf(monitor.id, 300),
      immediate_pending: true,
      version: 1,
    });
    const lead = (row.immediate_slot?.getTime() ?? 0) - Date.parse(monitor['createdAt'] as string);
    expect(lead).toBeGreaterThan(0);
    expect(lead).toBeLessThanOrEqual(2000);
    expect(row.active_since).toEqual(row.rule_since);
  });

  test('gives a paused one no slot', async () => {
    expect(await readRow(api, await register(client, { paused: true }))).toMatchObject({
      immediate_slot: null,
      immediate_pending: false,
    });
  });

  test('takes four fifths of a short interval as its timeout', async () => {
    expect((await register(client, { intervalSeconds: 10 }))['timeoutMs']).toBe(8000);
  });

  test('refuses a name that another of the user’s monitors has, and no other user’s', async () => {
    const other = await api.signUp();
    await register(client, { name: 'Shop' });
    await register(other, { name: 'Shop' });
    const answer = await client.send('POST', '/v1/monitors', {
      name: 'Shop',
      url: 'http://example.com',
      threshold: 0,
    });
    expect(answer).toMatchObject({ status: 409, body: { code: 'monitor_name_taken' } });
  });

  test('names every fault with its place', async () => {
    const answer = await client.send('POST', '/v1/monitors', {
      url: 'ftp://example.com',
      threshold: '2',
      intervalSeconds: 3,
      timeoutMs: null,
      headers: { Host: 'a', 'X-A': 'line\nbreak' },
      expectedStatus: ['200', '2xx'],
      channelIds: ['a'],
      role: 'admin',
    });
    expect(answer.status).toBe(400);
    expect(pointersOf(answer)).toEqual(
      [
        '/channelIds/0',
        '/expectedStatus/1',
        '/headers/Host',
        '/headers/X-A',
        '/intervalSeconds',
        '/name',
        '/role',
        '/threshold',
        '/timeoutMs',
        '/url',
      ].sort(),
    );
  });

  test('names every fault in how the settings fit each other', async () => {
    const stranger = await api.signUp();
    const channel = await addChannel(api, stranger.userId);
    const answer = await client.send('POST', '/v1/monitors', {
      name: 'Misfit',
      url: 'http://example.com',
      threshold: 0,
      intervalSeconds: 10,
      timeoutMs: 10_000,
      method: 'HEAD',
      bodyContains: 'x',
      headers: { 'x-a': '1', 'X-A': '2' },
      channelIds: [await addChannel(api, client.userId), channel],
    });
    expect(pointersOf(answer)).toEqual([
      '/bodyContains',
      '/channelIds/1',
      '/headers/X-A',
      '/timeoutMs',
    ]);
  });

  const wrong: [string, object][] = [
    [
      'url',
      [
        'javascript:alert(1)',
        'file:///etc/passwd',
        'http://',
        '//example.com',
        'http:example.com',
        'http://u@example.com',
        'http://u:p@example.com',
      ],
    ],
    [
      'url',
      [
        'http://exa mple.com',
        'http://example.com/\n',
        ' http://example.com',
        'http://example.com/\ud800',
        `http://example.com/${'a'.repeat(2040)}`,
      ],
    ],
    [
      'url',
      [
        'http://example.com:0',
        'http://example.com/%00',
        `http://example.com/${'é'.repeat(500)}`,
        '',
        5,
        null,
        ['http://example.com'],
      ],
    ],
    ['name', ['', 'x'.repeat(101), 'nul\0', 'two\nlines', '\ud800', 5, null, {}]],
    ['threshold', [-1, 10_001, 1.5, '5', null, true, [5], 2 ** 63, 1e21]],
    ['intervalSeconds', [0, 1, 7, 60.5, '60', null, true, [60]]],
    ['timeoutMs', [99, 60_001, '100', null]],
    ['windowSeconds', [59, 3601, '300', null]],
    ['method', ['POST', 'get', null, 1]],
    ['expectedStatus', [[], Array.from({ length: 21 }, () => '200'), '200', null]],
    ['bodyContains', ['', 'x'.repeat(1001), 'nul\0', '\udfff', 5]],
    ['maxBodyBytes', [0, 1023, 10_485_761, 2048.5, '2048', null]],
    ['followRedirects', ['true', 1, null]],
    ['paused', ['false', 0, null]],
    [
      'headers',
      [null, [], 'a: b', Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`x-${i}`, '']))],
    ],
    ['channelIds', [null, 'a', Array.from({ length: 21 }, () => crypto.randomUUID())]],
  ];

  test.each(
    wrong.flatMap(([name, values]) =>
      (values as unknown[]).map((value): [string, unknown] => [name, value]),
    ),
  )('refuses as %s: %j', async (name, value) => {
    const answer = await client.send('POST', '/v1/monitors', {
      name: 'n',
      url: 'http://example.com',
      threshold: 1,
      [name]: value,
    });
    expect(answer.status).toBe(400);
    expect(pointersOf(answer).every((pointer) => pointer.startsWith(`/${name}`))).toBe(true);
  });
});

describe('the limit of monitors', () => {
  test('holds however many are registered at once', async () => {
    const eager = await api.signUp();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        eager.send('POST', '/v1/monitors', {
          name: `n${i}`,
          url: 'http://example.com',
          threshold: 1,
        }),
      ),
    );
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(20);
    expect(statuses.filter((status) => status === 403)).toHaveLength(10);
    expect(answers.find((answer) => answer.status === 403)?.body).toMatchObject({
      code: 'monitor_limit_reached',
    });
    expect((await eager.send('GET', '/v1/users/me')).body).toMatchObject({
      monitorCount: 20,
      monitorLimit: 20,
    });
  });
});
