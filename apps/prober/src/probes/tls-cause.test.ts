import { createSecureServer, createServer as createHttp2Server } from 'node:http2';
import type { TlsOptions } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Cause } from '@gomon/domain';
import { probeOnce } from '../../test/probe-once.ts';
import {
  listen,
  onRequest,
  readPem,
  sending,
  serve,
  serveTls,
  stopServers,
  trustTestAuthority,
} from '../../test/scripted-server.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

beforeAll(trustTestAuthority);
afterAll(stopServers);

test.each<[Cause, string | null, Parameters<typeof serveTls>[0], TlsOptions?]>([
  ['certificate_expired', 'expired 2021-01-01T00:00:00Z', 'expired'],
  ['certificate_not_yet_valid', 'valid from 2100-01-01T00:00:00Z', 'future'],
  ['self_signed', null, 'self-signed'],
  ['wrong_host', 'valid for elsewhere.example', 'elsewhere'],
  ['incomplete_chain', 'issued by GoMon test intermediate', 'behind-intermediate'],
  ['unknown_authority', 'issued by Unknown authority', 'stranger'],
  [
    'tls_version',
    null,
    'localhost',
    { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
  ],
  ['client_certificate_wanted', null, 'localhost', { requestCert: true, ca: readPem('authority') }],
  ['http2_only', null, 'localhost', { ALPNProtocols: ['h2'] }],
])(
  'recognises from a real server: %s (%s)',
  async (cause, causeDetail, certificate, options = {}) => {
    const { url } = await serveTls(certificate, sending(ok), options);
    expect(await probeOnce(url)).toMatchObject({
      outcome: 'failure',
      reason: 'tls',
      cause,
      causeDetail,
    });
  },
);

test('accepts a server that sends its intermediate certificate', async () => {
  const chain = { cert: readPem('behind-intermediate') + readPem('intermediate') };
  const { url } = await serveTls('localhost', sending(ok), chain);
  expect(await probeOnce(url)).toMatchObject({ outcome: 'success' });
});

test('distinguishes a server that speaks only HTTP/2 from a silent one, with and without TLS', async () => {
  const secure = createSecureServer({ cert: readPem('localhost'), key: readPem('key') });
  const servers = [await listen(secure, 'https'), await listen(createHttp2Server(), 'http')];
  const found = await Promise.all(servers.map(({ url }) => probeOnce(url)));
  expect(found.map((finding) => finding?.cause)).toEqual(['http2_only', 'http2_only']);
  const { url } = await serve(sending('220 mail.example ESMTP\r\n'));
  expect(await probeOnce(url)).toMatchObject({ reason: 'protocol', cause: 'malformed_answer' });
});

test('distinguishes a server without TLS, one that resets and one that hangs up during the handshake', async () => {
  const servers = await Promise.all([
    serve(sending(ok)),
    serve(onRequest((socket) => socket.resetAndDestroy())),
    serve(onRequest((socket) => socket.end())),
  ]);
  const found = await Promise.all(
    servers.map(({ port }) => probeOnce(`https://127.0.0.1:${port}/`)),
  );
  expect(found.map((finding) => [finding?.reason, finding?.cause])).toEqual([
    ['tls', 'not_tls'],
    ['tls', 'reset'],
    ['tls', 'connection_closed'],
  ]);
});

test('distinguishes, without TLS, an absent server, one that resets and one that hangs up', async () => {
  const gone = await serve(() => undefined);
  await stopServers();
  const [resets, hangsUp] = await Promise.all([
    serve(onRequest((socket) => socket.resetAndDestroy())),
    serve(onRequest((socket) => socket.end())),
  ]);
  const found = await Promise.all([gone, resets, hangsUp].map(({ url }) => probeOnce(url)));
  expect(found.map((finding) => finding?.cause)).toEqual([
    'connection_refused',
    'reset',
    'connection_closed',
  ]);
});

test('reports an unexpected status together with the expected ones', async () => {
  const { url } = await serve(sending('HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n'));
  expect(await probeOnce(url, { expectedStatus: ['200', '300-399'] })).toMatchObject({
    reason: 'http_status',
    cause: 'unexpected_status',
    causeDetail: 'expected 200, 300-399, got 503',
  });
});
