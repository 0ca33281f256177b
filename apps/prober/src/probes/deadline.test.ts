import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import { createDial, parseNetworks } from '@gomon/egress';
import { createLogger } from '@gomon/runtime';
import { SECRETS_KEY, targetOf } from '../../test/probe-once.ts';
import {
  onRequest,
  repeating,
  sending,
  serve,
  serveTls,
  stopServers,
  trustTestAuthority,
  type Script,
} from '../../test/scripted-server.ts';
import { createDeadlines } from './deadline.ts';
import { createHttpProbe } from './http/probe.ts';

const ok = 'HTTP/1.1 200 OK\r\n';

beforeAll(trustTestAuthority);
afterAll(stopServers);

/** A probe, and every socket it opened. */
async function watchedProbe() {
  const sockets: Socket[] = [];
  const dial = createDial(parseNetworks('127.0.0.1/32'));
  const probe = createHttpProbe({
    dial: (url) => {
      const socket = dial(url);
      sockets.push(socket);
      return socket;
    },
    encryption: await createEncryption(SECRETS_KEY),
    logger: createLogger('prober', 'silent'),
  });
  return { probe, sockets };
}

const behaviours: [string, Script][] = [
  ['is silent', () => undefined],
  ['drips a header', onRequest(repeating(`${ok}x-drip: `, 'x', 20))],
  ['drips a body', onRequest(repeating(`${ok}\r\n`, 'x', 20))],
  ['never ends a body', onRequest(repeating(`${ok}\r\n`, 'x'.repeat(65_536)))],
  ['never ends its interim answers', onRequest(repeating('', 'HTTP/1.1 102 Processing\r\n\r\n'))],
  ['never ends its headers', onRequest(repeating(ok, 'x-header: y\r\n'))],
  [
    'switches protocols',
    sending('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  ],
  ['speaks another protocol', sending('SSH-2.0-OpenSSH_9.2\r\n')],
  ['announces more than it sends', sending(`${ok}content-length: 100\r\n\r\nhalf`)],
  ['breaks off', onRequest((socket) => socket.end(`${ok}content-length: 100\r\n\r\nhalf`))],
  ['closes', onRequest((socket) => socket.end())],
  ['drops the connection', onRequest((socket) => socket.destroy())],
  [
    'redirects for ever',
    onRequest((socket) => socket.write('HTTP/1.1 302 Found\r\nlocation: /\r\n\r\n')),
  ],
  ['redirects out of bounds', sending('HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2/\r\n\r\n')],
  ['redirects to a file', sending('HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\n\r\n')],
  ['answers and keeps the connection', sending(`${ok}content-length: 0\r\n\r\n`)],
];

test('leaves nothing that keeps the process alive', async () => {
  const held = () =>
    process.getActiveResourcesInfo().filter((name) => ['TCPSocketWrap', 'Timeout'].includes(name))
      .length;
  const before = held();
  const { probe } = await watchedProbe();
  const halt = new AbortController();
  const servers = await Promise.all(behaviours.map(([, script]) => serve(script)));
  const found = await Promise.all(
    servers.map(({ url }) => probe(targetOf(url, { timeoutMs: 500 }), halt.signal)),
  );
  expect(found).not.toContain(null);
  const { url } = await serve(sending(`${ok}content-length: 0\r\n\r\n`));
  await probe(targetOf(url, { timeoutMs: 60_000 }), halt.signal);
  await stopServers();
  while (held() > before) await new Promise(setImmediate);
});

test.each(behaviours)(
  'has closed every connection when it ends on a target that %s',
  async (_, script) => {
    const { probe, sockets } = await watchedProbe();
    const servers = [await serve(script), await serveTls('localhost', script)];
    for (const { url } of servers) {
      for (const bodyContains of [null, 'needle']) {
        expect(
          await probe(
            targetOf(url, { timeoutMs: 250, bodyContains }),
            new AbortController().signal,
          ),
        ).not.toBeNull();
        expect(sockets.filter((socket) => !socket.destroyed)).toEqual([]);
      }
    }
    expect(sockets.length).toBeGreaterThanOrEqual(4);
  },
);

test('ends every probe in flight when it is halted, and no probe of another halt', async () => {
  const { probe, sockets } = await watchedProbe();
  const halt = new AbortController();
  const connected: Promise<void>[] = [];
  const urls = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const seen = Promise.withResolvers<void>();
      connected.push(seen.promise);
      return (await serve(onRequest(() => seen.resolve()))).url;
    }),
  );
  const halted = urls.map((url) => probe(targetOf(url), halt.signal));
  const other = probe(
    targetOf((await serve(() => undefined)).url, { timeoutMs: 1000 }),
    new AbortController().signal,
  );
  await Promise.all(connected);
  halt.abort();
  expect(await Promise.all(halted)).toEqual([null, null, null, null, null]);
  expect(sockets.filter((socket) => socket.destroyed)).toHaveLength(5);
  expect(await other).toMatchObject({ reason: 'timeout' });
});

test('opens no connection after the halt', async () => {
  const { probe, sockets } = await watchedProbe();
  const { url } = await serve(() => undefined);
  expect(await probe(targetOf(url), AbortSignal.abort())).toBeNull();
  expect(sockets).toEqual([]);
});

test('does not pass once the probe has ended', () => {
  const halt = new AbortController();
  const deadline = createDeadlines()(60_000, halt.signal);
  deadline.inHand = {
    destroy: () => {
      throw new Error('ended twice');
    },
  };
  deadline.clear();
  halt.abort();
  expect(deadline.passed).toBe(false);
});

test('has passed from the start after a halt', () => {
  const deadline = createDeadlines()(60_000, AbortSignal.abort());
  expect(deadline.passed).toBe(true);
  deadline.clear();
});
