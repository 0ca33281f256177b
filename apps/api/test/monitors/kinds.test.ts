import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApi, type Client, type TestApi } from '../test-api.ts';

const PORT = { name: 'Database', kind: 'tcp', host: 'DB.example.com', port: 5432, threshold: 2 };

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi({ MAX_MONITORS_PER_USER: '100' });
  client = await api.signUp();
});
afterAll(() => api.stop());

const pointers = (answer: { body: Record<string, unknown> }) =>
  (answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);

test('a monitor of a port has the fields of its kind, is found by its target, and is changed', async () => {
  const made = await client.send('POST', '/v1/monitors', PORT);
  expect(made).toMatchObject({
    status: 201,
    body: {
      kind: 'tcp',
      target: 'db.example.com:5432',
      host: 'db.example.com',
      port: 5432,
      send: null,
      expect: null,
    },
  });
  expect(made.body).not.toHaveProperty('url');
  expect(made.body).not.toHaveProperty('settings');
  const path = `/v1/monitors/${String(made.body['id'])}`;
  const changed = { host: '2606:4700:4700::1111', send: 'PING\r\n', expect: '+PONG' };
  expect(await client.send('PATCH', path, { ...changed, kind: 'tcp' })).toMatchObject({
    status: 200,
    body: { target: '[2606:4700:4700::1111]:5432', ...changed },
  });
  expect((await client.send('GET', path)).body).toMatchObject(changed);
  const found = await client.send('GET', '/v1/monitors/overview?q=4700::1111%5D:5432');
  expect(found.body).toMatchObject({ items: [{ name: 'Database', kind: 'tcp' }] });
});

test('a monitor without a kind is of the kind http', async () => {
  const url = 'https://example.com/';
  const made = await client.send('POST', '/v1/monitors', { name: 'site', url, threshold: 2 });
  expect(made).toMatchObject({ status: 201, body: { kind: 'http', url, target: url } });
  expect(made.body).not.toHaveProperty('port');
});

test('a monitor of a WebSocket takes ws and wss URLs, and keeps its header values', async () => {
  const live = {
    name: 'Live',
    kind: 'websocket',
    url: 'WSS://Live.example.com/feed#top',
    threshold: 2,
    headers: { Cookie: 'a=b' },
  };
  const made = await client.send('POST', '/v1/monitors', live);
  const url = 'wss://live.example.com/feed';
  expect(made).toMatchObject({
    status: 201,
    body: {
      url,
      target: url,
      headers: { Cookie: null },
      subprotocol: null,
      send: null,
      expect: null,
    },
  });
  expect(made.body).not.toHaveProperty('method');
  const path = `/v1/monitors/${String(made.body['id'])}`;
  expect(await client.send('PATCH', path, { subprotocol: 'mqtt' })).toMatchObject({
    status: 200,
    body: { url, subprotocol: 'mqtt' },
  });
  for (const wrong of [
    'https://live.example.com/',
    'ws://10.0.0.1/',
    'ws://live.example.com:25/',
  ]) {
    const refused = await client.send('PATCH', path, { url: wrong });
    expect([refused.status, pointers(refused)]).toEqual([400, ['/url']]);
  }
  const http = await client.send('POST', '/v1/monitors', {
    name: 'x',
    url: 'wss://live.example.com/',
    threshold: 2,
  });
  expect([http.status, pointers(http)]).toEqual([400, ['/url']]);
});

describe('refused is', () => {
  test('a kind that there is not', async () => {
    const answer = await client.send('POST', '/v1/monitors', {
      ...PORT,
      name: 'x',
      kind: 'gopher',
    });
    expect(answer.status).toBe(400);
    expect(pointers(answer)).toEqual(['/kind']);
  });

  test('a field of another kind, and one that is missing, all at once', async () => {
    const strange = await client.send('POST', '/v1/monitors', {
      name: 'x',
      kind: 'tcp',
      threshold: 2,
      url: 'https://a.example/',
    });
    expect(strange.status).toBe(400);
    expect(pointers(strange).toSorted()).toEqual(['/host', '/port', '/url']);
    const plain = await client.send('POST', '/v1/monitors', { name: 'x', threshold: 2, port: 1 });
    expect(pointers(plain).toSorted()).toEqual(['/port', '/url']);
  });

  test('another kind, and a field of another kind, for a monitor that is there', async () => {
    const { body } = await client.send('POST', '/v1/monitors', { ...PORT, name: 'fixed' });
    const path = `/v1/monitors/${String(body['id'])}`;
    const other = await client.send('PATCH', path, { kind: 'http', url: 'https://example.com/' });
    expect(other.status).toBe(400);
    expect(pointers(other)).toEqual(['/kind']);
    const field = await client.send('PATCH', path, { method: 'HEAD' });
    expect(field.status).toBe(400);
    expect(pointers(field)).toEqual(['/method']);
  });

  test.each([
    [{ host: '127.0.0.1' }, '/host'],
    [{ host: '[::1]' }, '/host'],
    [{ host: 'localhost' }, '/host'],
    [{ host: 'a b' }, '/host'],
    [{ port: 0 }, '/port'],
    [{ port: 65_536 }, '/port'],
    [{ port: 25, send: 'HELO x\r\n' }, '/port'],
    [{ send: '' }, '/send'],
    [{ expect: 'x'.repeat(1025) }, '/expect'],
  ])('%j', async (fields, pointer) => {
    const answer = await client.send('POST', '/v1/monitors', { ...PORT, ...fields, name: 'x' });
    expect(answer.status).toBe(400);
    expect(pointers(answer)).toEqual([pointer]);
  });
});

test('every port of a public address may be connected to', async () => {
  const answer = await client.send('POST', '/v1/monitors', {
    ...PORT,
    name: 'mail',
    port: 25,
    expect: 'ESMTP',
  });
  expect(answer.status).toBe(201);
});
