import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from '@jest/globals';
import { createDial, parseNetworks } from '@gomon/egress';
import { createPost } from '../../src/notifications/transports/http.ts';

const CERTIFICATES = new URL('../../../prober/test/certificates/', import.meta.url);
const pem = (name: string) => readFileSync(new URL(`${name}.pem`, CERTIFICATES), 'utf8');
const ok = 'HTTP/1.1 200 OK\r\n';
const running: Server[] = [];

afterEach(() => {
  for (const server of running.splice(0)) server.close();
});

/** Posts to a server that answers with these bytes and hangs up. */
async function receiptOf(bytes: string, scheme: 'http' | 'https' = 'http') {
  const server =
    scheme === 'http'
      ? createServer()
      : createTlsServer({ cert: pem('localhost'), key: pem('key') });
  server.on(scheme === 'http' ? 'connection' : 'secureConnection', (socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(bytes, 'latin1'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push(server);
  const secureContext = createSecureContext({ ca: pem('authority') });
  const stalls = { ownMs: () => performance.now() };
  const post = createPost(createDial(parseNetworks('127.0.0.1/32'), { secureContext }), stalls);
  return post(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`, { body: '{}' });
}

test.each<[what: string, bytes: string]>([
  ['folds a field', `${ok}X: a;\r\n b\r\nContent-Length: 2\r\n\r\nok`],
  ['ends its lines in LF', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
  [
    'says chunked and a length',
    `${ok}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  ],
  ['says its length twice', `${ok}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`],
  ['says two lengths', `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nok`],
  ['sends a line without a colon', `${ok}no colon\r\n\r\n`],
  ['sends more than it says', `${ok}Content-Length: 2\r\n\r\nok and more`],
  ['sends less than it says', `${ok}Content-Length: 20\r\n\r\nok`],
  ['sends 200 KB of fields', `${ok}${`X: ${'y'.repeat(1019)}\r\n`.repeat(200)}\r\n`],
  ['gives no reason', 'HTTP/1.1 200\r\n\r\n'],
  ['writes its protocol in lower case', 'http/1.1 200 ok\r\n\r\n'],
])(
  'a receiver that answers 200 and %s counts as delivered, over HTTP and HTTPS',
  async (_, bytes) => {
    expect(await receiptOf(bytes)).toEqual({ statusCode: 200, error: null });
    expect(await receiptOf(bytes, 'https')).toEqual({ statusCode: 200, error: null });
  },
);

test('an odd refusal counts as a refusal', async () => {
  const twice = 'Content-Length: 2\r\nContent-Length: 2\r\n\r\nno';
  expect(await receiptOf(`HTTP/1.1 503 Busy\r\n${twice}`)).toEqual({
    statusCode: 503,
    error: 'it answered 503',
  });
  expect(await receiptOf(`HTTP/1.1 410 Gone\r\n${twice}`)).toMatchObject({
    statusCode: 410,
    isGone: true,
  });
});

test.each([['SSH-2.0-OpenSSH_9.2\r\n'], ['HTTP/1.1 OK\r\n\r\n'], ['']])(
  'an answer of %j does not count as delivered',
  async (bytes) => {
    expect(await receiptOf(bytes)).toMatchObject({ statusCode: null, error: expect.any(String) });
  },
);
