import { afterAll, expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import { createDial, parseNetworks } from '@gomon/egress';
import { MONITOR_ID, SECRETS_KEY, failure, probeOnce, success } from '../../../test/probe-once.ts';
import {
  onRequest,
  repeating,
  sending,
  serve,
  serveTls,
  stopServers,
  type Script,
} from '../../../test/scripted-server.ts';
import { startStopwatch } from '../stopwatch.ts';
import { createHttpRequest } from './request.ts';
import { createDeadlines } from '../deadline.ts';

const ok = 'HTTP/1.1 200 OK\r\n';

afterAll(stopServers);

test.each<[string, Script]>([
  ['accepts and stays silent', () => undefined],
  ['drips bytes of a header', onRequest(repeating(ok + 'x-drip: ', 'x', 20))],
  ['drips headers', onRequest(repeating(ok, 'x: y\r\n', 20))],
  ['drips interim answers', onRequest(repeating('', 'HTTP/1.1 102 Processing\r\n\r\n', 100))],
])('gives up at the deadline when the target %s', async (_, script) => {
  const { url } = await serve(script);
  const startedAt = performance.now();
  expect(await probeOnce(url, { timeoutMs: 500 })).toEqual(failure('timeout'));
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

test.each<[string, Script]>([
  ['resets the connection', (socket) => socket.resetAndDestroy()],
  ['resets the connection after the request', onRequest((socket) => socket.resetAndDestroy())],
  ['closes the connection at once', (socket) => socket.end()],
  ['closes the connection after the request', onRequest((socket) => socket.end())],
  ['closes the connection within the headers', onRequest((socket) => socket.end(ok + 'x: y'))],
])('reports a connection failure when the target %s', async (_, script) => {
  expect(await probeOnce((await serve(script)).url)).toEqual(failure('connect'));
});

test('reports a connection failure when the target refuses it', async () => {
  const { url } = await serve(() => undefined);
  await stopServers();
  expect(await probeOnce(url)).toEqual(failure('connect'));
});

test.each<[string, Script]>([
  ['another protocol', sending('SSH-2.0-OpenSSH_9.2\r\n')],
  ['HTTP/0.9', onRequest((socket) => socket.end('hello'))],
  ['random bytes', sending('\x16\x03\x01\x00\xff\x00')],
  ['one header that is too long', sending(`${ok}x: ${'y'.repeat(257 * 1024)}\r\n\r\n`)],
  ['too many headers', sending(`${ok}${'x-header: y\r\n'.repeat(25_000)}\r\n`)],
  ['headers without an end', onRequest(repeating(ok, 'x-header: y\r\n'))],
  ['a status of one digit too many', sending('HTTP/1.1 2000 OK\r\n\r\n')],
  ['a status below 100', sending('HTTP/1.1 099 Early\r\ncontent-length: 0\r\n\r\n')],
  ['two lengths', sending(`${ok}content-length: 1\r\ncontent-length: 2\r\n\r\nab`)],
  [
    'a switch of protocols that nobody asked for',
    sending('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  ],
  ['a flood of interim answers', onRequest(repeating('', 'HTTP/1.1 102 Processing\r\n\r\n'))],
])('reports a protocol failure when the target sends %s', async (_, script) => {
  expect(await probeOnce((await serve(script)).url)).toEqual(failure('protocol'));
});

test.each<[string, string, Script]>([
  ['its fields never end', 'header_limit', onRequest(repeating(ok, 'x-header: y\r\n'))],
  ['it is none', 'malformed_answer', sending('SSH-2.0-OpenSSH_9.2\r\n')],
  [
    'its lengths contradict each other',
    'malformed_answer',
    sending(`${ok}content-length: 1\r\ncontent-length: 2\r\n\r\n`),
  ],
  [
    'nothing but announcements come',
    'too_many_interim_answers',
    onRequest(repeating('', 'HTTP/1.1 102 Processing\r\n\r\n')),
  ],
])('reports an answer of which %s as %s', async (_, cause, script) => {
  expect(await probeOnce((await serve(script)).url)).toEqual(failure('protocol', null, cause));
});

test('reports when the connection was closed before an answer', async () => {
  const { url } = await serve(onRequest((socket) => socket.end()));
  expect(await probeOnce(url)).toEqual(failure('connect', null, 'connection_closed'));
  const cut = await serve(onRequest((socket) => socket.end(`${ok}x: y`)));
  expect(await probeOnce(cut.url)).toEqual(failure('connect', null, 'connection_closed'));
});

test('sends nothing to a target with an untrusted certificate', async () => {
  const seen: Buffer[] = [];
  const { url } = await serveTls('authority', (socket) =>
    socket.on('data', (bytes) => seen.push(bytes)),
  );
  expect(await probeOnce(url)).toEqual(failure('tls'));
  expect(seen).toEqual([]);
});

test('sends a body with its length, when there is one', async () => {
  const asked = Promise.withResolvers<string>();
  const { url } = await serve((socket) => {
    let request = '';
    socket.on('data', (bytes) => {
      request += bytes.toString('latin1');
      if (request.endsWith('{"a":1}')) asked.resolve(request);
    });
  });
  const deadline = createDeadlines()(10_000, new AbortController().signal);
  const ask = createHttpRequest(createDial(parseNetworks('127.0.0.1/32')));
  const body = Buffer.from('{"a":1}');
  const options = { method: 'POST', headers: {}, body, deadline, stopwatch: startStopwatch() };
  ask(new URL(url), options).catch(() => undefined);
  expect(await asked.promise).toMatch(
    /^POST \/ HTTP\/1\.1\r\n[^]*\r\ncontent-length: 7\r\n\r\n\{"a":1\}$/,
  );
  deadline.inHand?.destroy();
  deadline.clear();
});

test('closes the connection of a target that switched protocols', async () => {
  const closed = Promise.withResolvers<void>();
  const { url } = await serve((socket) => {
    socket.on('close', () => closed.resolve());
    sending('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')(
      socket,
    );
  });
  await probeOnce(url);
  await closed.promise;
});

test.each([200, 204, 301, 404, 500, 503, 999])('takes the status %i as it is', async (status) => {
  const { url } = await serve(sending(`HTTP/1.1 ${status} Some\r\ncontent-length: 0\r\n\r\n`));
  expect(await probeOnce(url)).toEqual(status === 200 ? success() : failure('http_status', status));
});

test('takes the answer after an interim one', async () => {
  const { url } = await serve(
    sending(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${ok}content-length: 0\r\n\r\n`),
  );
  expect(await probeOnce(url)).toEqual(success());
});

test('sends one request, on a fresh connection, for the plain content', async () => {
  const requests: string[] = [];
  const { url } = await serve(
    onRequest((socket, request) => {
      requests.push(request);
      socket.write('HTTP/1.1 503 Busy\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n');
    }),
  );
  await probeOnce(url, { method: 'HEAD' });
  await probeOnce(url);
  expect(requests).toHaveLength(2);
  expect(requests[0]).toMatch(/^HEAD \/ HTTP\/1\.1\r\n/);
  expect(requests[1]).toMatch(/^GET \/ HTTP\/1\.1\r\n/);
  expect(requests[1]).toMatch(/^accept-encoding: identity\r$/m);
  expect(requests[1]).toMatch(/^connection: close\r$/im);
  expect(requests[1]).toMatch(/^user-agent: GoMon/m);
});

test("sends a monitor's header in place of the default", async () => {
  const encryption = await createEncryption(SECRETS_KEY);
  const headers = {
    Host: await encryption.encrypt('other.test', MONITOR_ID),
    'User-Agent': await encryption.encrypt('Mine', MONITOR_ID),
  };
  const asked = Promise.withResolvers<string>();
  const { url } = await serve(onRequest((_socket, request) => asked.resolve(request)));
  const found = probeOnce(url, { headers, timeoutMs: 500 });
  const request = await asked.promise;
  expect(request.match(/^host: .*\r$/gim)).toEqual(['host: other.test\r']);
  expect(request.match(/^user-agent: .*\r$/gim)).toEqual(['user-agent: Mine\r']);
  await found;
});

test('ignores a proxy in the environment', async () => {
  const { url } = await serve(sending(`${ok}content-length: 0\r\n\r\n`));
  const proxy = await serve(sending('HTTP/1.1 502 Proxy\r\ncontent-length: 0\r\n\r\n'));
  const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'];
  for (const name of names) process.env[name] = proxy.url;
  try {
    expect(await probeOnce(url)).toEqual(success());
  } finally {
    for (const name of names) delete process.env[name];
  }
});
