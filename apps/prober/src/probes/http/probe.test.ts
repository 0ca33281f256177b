import type { TLSSocket, TlsOptions } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import {
  MONITOR_ID,
  SECRETS_KEY,
  failure,
  probeAllowing,
  probeOnce,
  success,
  targetOf,
  unknown,
} from '../../../test/probe-once.ts';
import {
  onRequest,
  repeating,
  sending,
  serve,
  serveTls,
  stopServers,
  trustTestAuthority,
} from '../../../test/scripted-server.ts';

const ok = 'HTTP/1.1 200 OK\r\n';

beforeAll(trustTestAuthority);
afterAll(stopServers);

test('looks at the status alone when no text is expected, however the body ends', async () => {
  const bodies = [
    sending(`${ok}content-length: 100\r\n\r\nhalf of it`),
    onRequest((socket) => socket.end(`${ok}content-length: 100\r\n\r\nhalf of it`)),
    onRequest((socket) => socket.end(`${ok}transfer-encoding: chunked\r\n\r\nnot a chunk`)),
    onRequest(repeating(`${ok}content-length: 1000000000\r\n\r\n`, 'x'.repeat(65_536))),
    onRequest(repeating(`${ok}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n', 50)),
  ];
  for (const script of bodies)
    expect(await probeOnce((await serve(script)).url)).toEqual(success());
});

test('does not read the body after an unexpected status', async () => {
  const { url } = await serve(sending('HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\nneedle'));
  expect(await probeOnce(url, { bodyContains: 'needle' })).toEqual(failure('http_status', 500));
});

test('accepts what the monitor expects', async () => {
  const { url } = await serve(sending('HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n'));
  expect(await probeOnce(url, { expectedStatus: ['200-204', '404'] })).toEqual(success(404));
});

test.each<[string, 'expired' | 'authority' | 'elsewhere']>([
  ['has expired', 'expired'],
  ['signed itself', 'authority'],
  ['is for another name', 'elsewhere'],
])('reports a TLS failure for a certificate that %s', async (_, certificate) => {
  const { url } = await serveTls(certificate, sending(`${ok}\r\n`));
  expect(await probeOnce(url)).toEqual(failure('tls'));
});

test('reports a TLS failure when the target speaks another protocol, or hangs up, during the handshake', async () => {
  for (const script of [
    sending(`${ok}\r\n`),
    onRequest((socket) => socket.end()),
    onRequest((socket) => socket.resetAndDestroy()),
  ]) {
    const { port } = await serve(script);
    expect(await probeOnce(`https://127.0.0.1:${port}/`)).toEqual(failure('tls'));
  }
});

test('reports a TLS failure when the target offers only outdated versions', async () => {
  const old: TlsOptions = {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  };
  const { url } = await serveTls('localhost', sending(`${ok}\r\n`), old);
  expect(await probeOnce(url)).toEqual(failure('tls'));
});

test('gives up at the deadline when the handshake stalls', async () => {
  const { port } = await serve(() => undefined);
  expect(await probeOnce(`https://127.0.0.1:${port}/`, { timeoutMs: 500 })).toEqual(
    failure('timeout'),
  );
});

test('probes by HTTPS, and follows a redirect from it to HTTP', async () => {
  const plain = await serve(sending(`${ok}content-length: 0\r\n\r\n`));
  const { url, port } = await serveTls(
    'localhost',
    sending(`HTTP/1.1 301 Moved\r\nlocation: ${plain.url}\r\n\r\n`),
  );
  expect(await probeOnce(url)).toEqual(success());
  expect(await probeOnce(`https://localhost:${port}/`, { followRedirects: false })).toEqual(
    failure('http_status', 301),
  );
});

test('makes a full handshake every time', async () => {
  const resumed: boolean[] = [];
  const { url } = await serveTls('localhost', (socket) => {
    resumed.push((socket as TLSSocket).isSessionReused());
    sending(`${ok}content-length: 0\r\n\r\n`)(socket);
  });
  const probe = await probeAllowing('127.0.0.1/32');
  for (let round = 0; round < 3; round++) await probe(targetOf(url), new AbortController().signal);
  expect(resumed).toEqual([false, false, false]);
});

test('reports a DNS failure when the name does not exist', async () => {
  expect(await probeOnce('http://gomon-test.invalid/', { timeoutMs: 25_000 })).toEqual(
    failure('dns'),
  );
});

test.each([
  'http://127.0.0.1:1/',
  'https://127.0.0.1:1/',
  'http://localhost:1/',
  'http://[::ffff:127.0.0.1]:1/',
])('never connects to the forbidden %s', async (url) => {
  const probe = await probeAllowing('');
  expect(await probe(targetOf(url), new AbortController().signal)).toEqual(
    unknown('blocked_target'),
  );
});

test('counts a header that it cannot decrypt as its own fault, and sends nothing', async () => {
  const { url } = await serve(() => {
    throw new Error('connected');
  });
  const stranger = await (await createEncryption(SECRETS_KEY)).encrypt('x', 'another monitor');
  expect(await probeOnce(url, { headers: { 'x-key': stranger } })).toEqual(unknown('internal'));
});

test('counts a header that cannot be sent as its own fault, and sends nothing', async () => {
  const { url } = await serve(() => {
    throw new Error('connected');
  });
  const encryption = await createEncryption(SECRETS_KEY);
  const headers = { 'x-key': await encryption.encrypt('x\r\nx-injected: y', MONITOR_ID) };
  expect(await probeOnce(url, { headers })).toEqual(unknown('internal'));
});

test('reports nothing when it is halted', async () => {
  const probe = await probeAllowing('127.0.0.0/8');
  const halt = new AbortController();
  const { url } = await serve(() => halt.abort());
  expect(await probe(targetOf(url), halt.signal)).toBeNull();
  expect(await probe(targetOf(url), halt.signal)).toBeNull();
});

test('reports how long it took', async () => {
  const { url } = await serve(
    onRequest((socket) => setTimeout(() => socket.write(`${ok}content-length: 9\r\n\r\n`), 100)),
  );
  const found = await probeOnce(url);
  expect(found?.durationMs).toBeGreaterThanOrEqual(99);
  expect(Number.isInteger(found?.durationMs)).toBe(true);
});
