import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pointersOf, send, startTestApi, type Client, type TestApi } from '../test-api.ts';

let api: TestApi;
let client: Client;
let port: number;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.signUp();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  port = (api.app.server.address() as AddressInfo).port;
});
afterAll(() => api.stop());

const post = (payload: string | Buffer, type = 'application/json') =>
  client.send('POST', '/v1/monitors', payload, { 'content-type': type });

const MONITOR = '"name":"n","url":"http://example.com","threshold":1';

describe('a body', () => {
  test.each([
    ['cut short', `{${MONITOR}`],
    ['empty', ''],
    ['with a prototype', `{${MONITOR},"__proto__":{"paused":true}}`],
    ['with a prototype written otherwise', `{${MONITOR},"\\u005f_proto__":{"paused":true}}`],
    ['with a constructor', `{${MONITOR},"constructor":{"prototype":{}}}`],
    ['with a comment', `{${MONITOR}/**/}`],
    ['with NaN', `{"name":"n","url":"http://example.com","threshold":NaN}`],
    [
      'not in UTF-8',
      Buffer.concat([
        Buffer.from('{"name":"'),
        Buffer.from([0xf0, 0x9f, 0x98]),
        Buffer.from('","url":"http://example.com","threshold":1}'),
      ]),
    ],
  ])('%s is malformed', async (_, payload) => {
    expect(await post(payload)).toMatchObject({
      status: 400,
      body: { code: 'malformed_request', errors: [] },
    });
  });

  test.each(['null', '5', '"text"', '[]', 'true', `[{${MONITOR}}]`])(
    'that is %s is not valid',
    async (payload) => {
      expect(await post(payload)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [{ pointer: '' }] },
      });
    },
  );

  test('that begins with a byte order mark is read', async () => {
    expect(
      (await post(`\ufeff{"name":"marked","url":"http://example.com","threshold":1}`)).status,
    ).toBe(201);
  });

  test('uses the last value of a repeated name', async () => {
    expect(
      (await post(`{"name":"first","url":"http://example.com","threshold":1,"name":"last"}`)).body[
        'name'
      ],
    ).toBe('last');
  });

  test.each(['1e400', '9223372036854775808', '1e21', '-1', '1.5', '10001', '0.1e1000'])(
    'may not say that the threshold is %s',
    async (number) => {
      const answer = await post(`{"name":"n","url":"http://example.com","threshold":${number}}`);
      expect(answer.status).toBe(400);
      expect(pointersOf(answer)).toEqual(['/threshold']);
    },
  );

  test('of 100,000 lists in one another is refused', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await post(`{${MONITOR},"expectedStatus":${deep}}`)).status).toBe(400);
    expect((await post(deep)).status).toBe(400);
    const channel = `{"kind":"webhook","name":"n","settings":{"url":"https://example.com","template":{"a":${deep}}}}`;
    const json = { 'content-type': 'application/json' };
    const malformed = { status: 400, body: { code: 'malformed_request' } };
    expect(await client.send('POST', '/v1/channels', channel, json)).toMatchObject(malformed);
    // Of a route that has no body, with what has the body written again.
    const once = { ...json, 'idempotency-key': 'deep' };
    expect(
      await client.send('POST', `/v1/monitors/${randomUUID()}/check`, deep, once),
    ).toMatchObject(malformed);
  });

  test('may have 32 levels, and brackets in its texts', async () => {
    const nested = (levels: number) =>
      `${'['.repeat(levels)}"[{${'['.repeat(99)}\\"["${']'.repeat(levels)}`;
    const faults = await post(`{${MONITOR},"expectedStatus":${nested(31)}}`);
    expect(pointersOf(faults)).toEqual(['/expectedStatus/0']);
    expect(await post(`{${MONITOR},"expectedStatus":${nested(32)}}`)).toMatchObject({
      body: { code: 'malformed_request' },
    });
  });

  test('with ten thousand faults names the first twenty', async () => {
    const answer = await post(
      `{${MONITOR},"expectedStatus":[${Array.from({ length: 10_000 }, () => '"x"').join()}]}`,
    );
    expect(answer.status).toBe(400);
    expect((answer.body['errors'] as unknown[]).length).toBe(20);
  });

  test('may be 256 KiB and no more', async () => {
    const ofLength = (length: number) => post(`{${MONITOR},"x":"${'x'.repeat(length)}"}`);
    expect((await ofLength(262_144 - 70)).status).toBe(400);
    expect(await ofLength(262_144)).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    });
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonx',
    'nonsense',
  ])('may not be %s', async (type) => {
    expect(await post(`{${MONITOR}}`, type)).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    });
  });

  test('of a GET is ignored', async () => {
    expect(
      (
        await client.send('GET', '/v1/users/me', '{nonsense', {
          'content-type': 'application/json',
        })
      ).status,
    ).toBe(200);
  });

  test('may come where none is expected, and may be empty there', async () => {
    expect(
      (await client.send('GET', '/v1/monitors', undefined, { 'content-type': 'application/json' }))
        .status,
    ).toBe(200);
    expect(
      (
        await client.send('DELETE', `/v1/monitors/${crypto.randomUUID()}`, '', {
          'content-type': 'application/json',
        })
      ).status,
    ).toBe(404);
  });
});

describe('a text', () => {
  test.each([
    '<script>alert(1)</script>',
    '=cmd|"/c calc"!A1',
    '\u05d0\u05d1 = 1',
    "'; DROP TABLE users --",
    '${7*7}{{7*7}}',
    '😀',
  ])('is kept and answered as it came: %s', async (name) => {
    const { status, headers, body } = await post(
      JSON.stringify({ name, url: 'http://example.com', threshold: 1 }),
    );
    expect({ status, name: body['name'] }).toEqual({ status: 201, name });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  });
});

describe('an address', () => {
  test.each([
    '/nowhere',
    '/v1',
    '/v1/nowhere',
    '/v1/monitors/a/b/c',
    '/V1/monitors',
    '/metrics',
    '/docs/static/nothing',
    '/docs/static/%2e%2e/package.json',
    '/docs/static/..%2fpackage.json',
  ])('%s is not found', async (url) => {
    expect(await client.send('GET', url)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });

  test('that is not a URL is malformed', async () => {
    expect(await client.send('GET', '/v1/monitors/%zz')).toMatchObject({
      status: 400,
      body: { code: 'malformed_request' },
    });
  });
});

describe('a connection', () => {
  /** Everything that the server says until it hangs up. */
  async function talk(text: string, to = port): Promise<string> {
    const socket = connectSocket(to, '127.0.0.1');
    let heard = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
    socket.on('error', () => undefined); // The server may hang up while we still speak.
    socket.write(text);
    await once(socket, 'close');
    return heard;
  }

  test.each([
    ['that is no HTTP', 'nonsense\r\n\r\n', 400],
    [
      'with two lengths',
      'POST /v1/users HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}',
      400,
    ],
    [
      'with a length and chunks',
      'POST /v1/users HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'with two hosts',
      'GET /healthz HTTP/1.1\r\nhost: a\r\nHost: b\r\nconnection: close\r\n\r\n',
      400,
    ],
    ['without a host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
    [
      'with 20 KiB of header fields',
      `GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ['with an address of 20 KiB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, 431],
  ])('%s is refused', async (_, text, status) => {
    expect(await talk(text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  const HEAD = 'POST /v1/users HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';

  test('that reads no answer is cut off', async () => {
    const ignored = await startTestApi();
    expect(ignored.app.server.timeout).toBe(20_000);
    ignored.app.server.timeout = 500; // The same, but sooner.
    await ignored.app.listen({ host: '127.0.0.1', port: 0 });
    const accepted = once(ignored.app.server, 'connection') as Promise<[Socket]>;
    const socket = connectSocket(
      (ignored.app.server.address() as AddressInfo).port,
      '127.0.0.1',
    ).pause();
    socket.on('error', () => undefined);
    socket.write('GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(200)); // More than what lies between can hold.
    const [ofServer] = await accepted;
    await once(ofServer, 'close');
    expect(ofServer.bytesWritten).toBeGreaterThan(0);
    socket.destroy();
    await ignored.stop();
  });

  test('with endless header fields or an endless body is cut off after seconds, while others are served', async () => {
    const slow = [
      talk(HEAD),
      talk(`${HEAD}content-length: 100\r\n\r\n{`),
      talk(`${HEAD}transfer-encoding: chunked\r\n\r\n1\r\n{`),
    ];
    expect((await send(api.app, { url: '/healthz' })).status).toBe(200);
    for (const heard of await Promise.all(slow))
      expect(heard).toMatch(/^HTTP\/1\.1 408 [^]*"code":"request_timeout"/);
  });

  test('that has nothing to say is kept for longer than a proxy would keep it', async () => {
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).headers.get('keep-alive')).toBe(
      'timeout=72',
    );
  });

  test('with an endless body does not keep the API from closing', async () => {
    const closing = await startTestApi();
    await closing.app.listen({ host: '127.0.0.1', port: 0 });
    const { port: closingPort } = closing.app.server.address() as AddressInfo;
    const arrived = once(closing.app.server, 'request');
    const stuck = talk(`${HEAD}content-length: 100\r\n\r\n{`, closingPort);
    await arrived;
    await closing.stop();
    await stuck;
  });
});
