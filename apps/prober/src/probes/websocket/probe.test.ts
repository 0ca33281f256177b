import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import { createDial, parseNetworks } from '@gomon/egress';
import type { ProbeTarget } from '@gomon/queue-contracts';
import { createLogger } from '@gomon/runtime';
import { WebSocketServer } from 'ws';
import { MONITOR_ID, SECRETS_KEY, failure, unknown } from '../../../test/probe-once.ts';
import {
  onRequest,
  sending,
  serve,
  serveTls,
  stopServers,
  trustTestAuthority,
} from '../../../test/scripted-server.ts';
import { createWebSocketProbe } from './probe.ts';

afterEach(stopServers);

const up = expect.objectContaining({
  outcome: 'success',
  reason: null,
  statusCode: 101,
  timing: expect.any(Object),
});

async function probe(
  settings: Partial<ProbeTarget<'websocket'>>,
  networks = '127.0.0.1/32',
  halt = new AbortController().signal,
) {
  const dial = createDial(parseNetworks(networks));
  const encryption = await createEncryption(SECRETS_KEY);
  const look = createWebSocketProbe({ dial, encryption, logger: createLogger('prober', 'silent') });
  const common = {
    monitorId: MONITOR_ID,
    kind: 'websocket',
    intervalSeconds: 60,
    timeoutMs: 5000,
  } as const;
  const usual = {
    url: 'ws://127.0.0.1:1/',
    headers: {},
    subprotocol: null,
    send: null,
    expect: null,
  };
  return look({ ...common, ...usual, ...settings }, halt);
}

/** Completes the upgrade as RFC 6455 says, with further header fields and bytes after it. */
function upgrading(then: (socket: Socket) => void = () => undefined, fields = '') {
  return onRequest((socket, request) => {
    const key = /^sec-websocket-key: (.*)\r$/im.exec(request)?.[1] ?? '';
    const accept = createHash('sha1')
      .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${fields}\r\n`,
    );
    then(socket);
  });
}

/** A text message in one frame without a mask, as servers send it. */
function frame(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = bytes.length < 126 ? [bytes.length] : [126, bytes.length >> 8, bytes.length & 255];
  return Buffer.concat([Buffer.from([0x81, ...head]), bytes]);
}

const wsUrl = ({ url }: { readonly url: string }) => url.replace(/^http/, 'ws');

describe('an upgrade', () => {
  test('succeeds when the server completes it', async () => {
    expect(await probe({ url: wsUrl(await serve(upgrading())) })).toEqual(up);
  });

  test('fails with the status of a server that answers otherwise, redirects included', async () => {
    for (const status of [200, 302, 401, 503]) {
      const server = await serve(
        sending(`HTTP/1.1 ${status} x\r\nLocation: /\r\nContent-Length: 0\r\n\r\n`),
      );
      const causeDetail = `expected 101, got ${status}`;
      const found = await probe({ url: wsUrl(server) });
      expect(found).toMatchObject({
        outcome: 'failure',
        statusCode: status,
        cause: 'unexpected_status',
        causeDetail,
      });
    }
  });

  test.each([
    [
      'a wrong key',
      'HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: bm8=\r\n\r\n',
      'bad_upgrade',
    ],
    [
      'another protocol',
      'HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
      'bad_upgrade',
    ],
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n', 'malformed_answer'],
    ['a header without an end', `HTTP/1.1 101 x\r\nA: ${'x'.repeat(70_000)}\r\n`, 'header_limit'],
  ])('fails on %s', async (_, answer, cause) => {
    const server = await serve((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.write(answer)),
    );
    expect(await probe({ url: wsUrl(server) })).toEqual(failure('protocol', null, cause));
  });

  test('fails when the server hangs up, is silent, is not there, or has no such name', async () => {
    const closing = await serve((socket) => socket.once('data', () => socket.end()));
    expect(await probe({ url: wsUrl(closing) })).toEqual(
      failure('connect', null, 'connection_closed'),
    );
    const silent = await serve(() => undefined);
    expect(await probe({ url: wsUrl(silent), timeoutMs: 300 })).toEqual(
      failure('timeout', null, 'timeout_first_byte'),
    );
    await stopServers();
    expect(await probe({ url: wsUrl(closing) })).toEqual(
      failure('connect', null, 'connection_refused'),
    );
    expect(await probe({ url: 'ws://nobody.invalid/' }, '')).toEqual(failure('dns', null));
  });

  test.each(['127.0.0.1', 'localhost', '[::1]'])(
    'never reaches %s where the operator does not allow it',
    async (host) => {
      let reached = false;
      const { port } = await serve(() => {
        reached = true;
      });
      expect(await probe({ url: `ws://${host}:${port}/` }, '10.0.0.0/8')).toEqual(
        unknown('blocked_target'),
      );
      expect(reached).toBe(false);
    },
  );

  test('is left without a verdict when the prober stops', async () => {
    const server = await serve(upgrading());
    expect(
      await probe({ url: wsUrl(server), expect: 'never' }, '127.0.0.1/32', AbortSignal.abort()),
    ).toBeNull();
  });

  test('sends the header fields, decrypted', async () => {
    const encryption = await createEncryption(SECRETS_KEY);
    let seen = '';
    const server = await serve((socket) => {
      socket.once('data', (bytes) => (seen = bytes.toString('latin1')));
      upgrading()(socket);
    });
    const headers = { Authorization: await encryption.encrypt('Bearer abc', MONITOR_ID) };
    expect(await probe({ url: wsUrl(server), headers })).toEqual(up);
    expect(seen).toMatch(/^authorization: Bearer abc\r$/im);
  });
});

describe('an upgrade over TLS', () => {
  beforeAll(trustTestAuthority);

  test('succeeds when the certificate is valid', async () => {
    const { port } = await serveTls('localhost', upgrading());
    expect(await probe({ url: `wss://localhost:${port}/` }, '127.0.0.1/32, ::1/128')).toEqual(up);
  });

  test.each([
    ['expired', 'certificate_expired'],
    ['elsewhere', 'wrong_host'],
    ['self-signed', 'self_signed'],
  ] as const)('fails when the certificate is %s', async (certificate, cause) => {
    const { port } = await serveTls(certificate, upgrading());
    const found = await probe({ url: `wss://localhost:${port}/` }, '127.0.0.1/32, ::1/128');
    expect(found).toMatchObject({ outcome: 'failure', reason: 'tls', cause });
  });
});

describe('a subprotocol', () => {
  test('is offered, and must be chosen', async () => {
    const choosing = await serve(upgrading(undefined, 'Sec-WebSocket-Protocol: graphql-ws\r\n'));
    expect(await probe({ url: wsUrl(choosing), subprotocol: 'graphql-ws' })).toEqual(up);
    expect(await probe({ url: wsUrl(choosing), subprotocol: 'mqtt' })).toEqual(
      failure('protocol', 101, 'wrong_subprotocol'),
    );
    const silent = await serve(upgrading());
    expect(await probe({ url: wsUrl(silent), subprotocol: 'mqtt' })).toEqual(
      failure('protocol', 101, 'wrong_subprotocol'),
    );
  });
});

describe('a text that is expected', () => {
  test('is found in any message', async () => {
    const server = await serve(
      upgrading((socket) => socket.write(Buffer.concat([frame('hello'), frame('ready: ünd')]))),
    );
    expect(await probe({ url: wsUrl(server), expect: 'ünd' })).toEqual(up);
  });

  test('is missed when the server closes without it, or the time is over', async () => {
    const closing = await serve(upgrading((socket) => socket.end(frame('bye'))));
    expect(await probe({ url: wsUrl(closing), expect: 'hi' })).toEqual(
      failure('body', 101, 'answer_missing_text'),
    );
    const waiting = await serve(upgrading((socket) => socket.write(frame('bye'))));
    const found = await probe({ url: wsUrl(waiting), expect: 'hi', timeoutMs: 400 });
    expect(found).toEqual(failure('body', 101, 'answer_missing_text'));
  });

  test('is waited for until the timeout from a server that is silent', async () => {
    const found = await probe({
      url: wsUrl(await serve(upgrading())),
      expect: 'hi',
      timeoutMs: 400,
    });
    expect(found).toEqual(failure('timeout', null, 'timeout_first_byte'));
  });

  test('is looked for in the first 65536 bytes only', async () => {
    const much = await serve(
      upgrading((socket) =>
        socket.write(Buffer.concat([frame('x'.repeat(65_000)), frame('y'.repeat(600))])),
      ),
    );
    expect(await probe({ url: wsUrl(much), expect: 'hi' })).toEqual(
      failure('body', 101, 'body_limit'),
    );
  });

  test('is not looked for in what is no frame', async () => {
    const server = await serve(
      upgrading((socket) =>
        socket.on('error', () => undefined).write(Buffer.from([0xff, 0xff, 0xff])),
      ),
    );
    expect(await probe({ url: wsUrl(server), expect: 'hi' })).toEqual(
      failure('protocol', null, 'malformed_message'),
    );
  });
});

describe('a server of the ws library', () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'chat' });
  server.on('connection', (socket) =>
    socket.on('message', (text: Buffer) => socket.send(`echo ${text.toString()}`)),
  );
  beforeAll(async () => {
    if (!server.address()) await once(server, 'listening');
  });
  afterAll(() => server.close());

  test('is up, chooses the subprotocol and answers', async () => {
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await probe({ url, subprotocol: 'chat', send: 'ping', expect: 'echo ping' })).toEqual(
      up,
    );
    expect(
      await probe({ url, subprotocol: 'chat', send: 'ping', expect: 'pong', timeoutMs: 400 }),
    ).toEqual(failure('body', 101, 'answer_missing_text'));
  });
});
