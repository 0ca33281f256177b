import { fork } from 'node:child_process';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Reason } from '@gomon/domain';
import type { Crowd } from './crowd-process.ts';
import { targetOf } from './probe-once.ts';
import {
  onRequest,
  repeating,
  sending,
  serve,
  serveTls,
  stopServers,
  type Script,
} from './scripted-server.ts';

jest.setTimeout(120_000);

const EACH = 56;
const HEALTHY = 100;
const HOSTILE_TIMEOUT_MS = 12_000;
/** A prober's container has 512 MB. */
const MAX_RSS_BYTES = 384 * 1024 * 1024;

const ok = 'HTTP/1.1 200 OK\r\n';
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
const bombHead = Buffer.from(
  `${ok}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`,
);

interface Kind {
  readonly what: string;
  readonly start: () => Promise<{ readonly url: string }>;
  readonly reason: Reason;
}

const plain = (what: string, reason: Reason, script: Script): Kind => ({
  what,
  reason,
  start: () => serve(script),
});
const stalledTls = async () => ({
  url: (await serve(() => undefined)).url.replace('http', 'https'),
});

/** With the reason that each ends with. */
const HOSTILE: readonly Kind[] = [
  plain('is silent', 'timeout', () => undefined),
  plain('drips a header', 'timeout', onRequest(repeating(`${ok}x-drip: `, 'x', 500))),
  plain('drips a body', 'timeout', onRequest(repeating(`${ok}\r\n`, 'x', 500))),
  plain(
    'drips chunks',
    'timeout',
    onRequest(repeating(`${ok}transfer-encoding: chunked\r\n\r\n`, '1;extension\r\nx\r\n', 500)),
  ),
  plain('never ends a body', 'body', onRequest(repeating(`${ok}\r\n`, 'x'.repeat(65_536)))),
  plain(
    'sends a bomb',
    'body',
    onRequest((socket) => socket.write(Buffer.concat([bombHead, bomb]))),
  ),
  plain(
    'breaks a body off',
    'body',
    onRequest((socket) => socket.end(`${ok}content-length: 100\r\n\r\nhalf`)),
  ),
  plain(
    'never ends its headers',
    'protocol',
    onRequest(repeating(ok, 'x-header: y\r\n'.repeat(1000))),
  ),
  plain(
    'never ends its interim answers',
    'protocol',
    onRequest(repeating('', 'HTTP/1.1 102 Processing\r\n\r\n')),
  ),
  plain(
    'switches protocols',
    'protocol',
    sending('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  ),
  plain('speaks another protocol', 'protocol', sending('SSH-2.0-OpenSSH_9.2\r\n')),
  plain(
    'redirects for ever',
    'too_many_redirects',
    sendingAlways('HTTP/1.1 302 Found\r\nlocation: /\r\n\r\n'),
  ),
  plain(
    'redirects to a file',
    'bad_redirect',
    sending('HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\n\r\n'),
  ),
  plain(
    'redirects inside',
    'blocked_target',
    sending('HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2/\r\n\r\n'),
  ),
  {
    what: 'has an expired certificate',
    reason: 'tls',
    start: () => serveTls('expired', sending(`${ok}\r\n`)),
  },
  {
    what: 'has a certificate of another',
    reason: 'tls',
    start: () => serveTls('elsewhere', sending(`${ok}\r\n`)),
  },
  {
    what: 'signed for itself',
    reason: 'tls',
    start: () => serveTls('authority', sending(`${ok}\r\n`)),
  },
  { what: 'stalls the handshake', reason: 'timeout', start: stalledTls },
];

function sendingAlways(text: string): Script {
  return onRequest((socket) => socket.end(text));
}

describe(`${EACH * HOSTILE.length} hostile targets at once`, () => {
  let crowd: Crowd;

  beforeAll(async () => {
    const urls = await Promise.all(HOSTILE.map(({ start }) => start()));
    const healthy = await serve(sending(`${ok}content-length: 6\r\n\r\nneedle`));
    const looking = { bodyContains: 'needle' };
    const hostile = Array.from({ length: EACH }, () =>
      urls.map(({ url }) => targetOf(url, { ...looking, timeoutMs: HOSTILE_TIMEOUT_MS })),
    ).flat();
    const well = Array.from({ length: HEALTHY }, () =>
      targetOf(healthy.url, { ...looking, timeoutMs: 60_000 }),
    );
    const child = fork(new URL('crowd-process.ts', import.meta.url), { execArgv: [] });
    child.send([...hostile, ...well]);
    const ended = once(child, 'exit').then(() =>
      Promise.reject(new Error('the process of the probes ended')),
    );
    [crowd] = (await Promise.race([once(child, 'message'), ended])) as [Crowd];
    ended.catch(() => undefined);
    child.disconnect();
  });
  afterAll(stopServers);

  test.each(HOSTILE.map(({ what, reason }, place) => [what, reason, place] as const))(
    'each target that %s ends with the reason %s',
    (_what, reason, place) => {
      const reasons = crowd.findings
        .slice(0, EACH * HOSTILE.length)
        .filter((_, index) => index % HOSTILE.length === place);
      expect(reasons.map((found) => found?.reason)).toEqual(Array<Reason>(EACH).fill(reason));
    },
  );

  test('leave healthy targets healthy, and do not delay them', () => {
    const healthy = crowd.findings.slice(EACH * HOSTILE.length);
    expect(healthy.map((found) => found?.outcome)).toEqual(Array<string>(HEALTHY).fill('success'));
    const lastHealthy = crowd.order.findLastIndex((place) => place >= EACH * HOSTILE.length);
    const firstTimeout = crowd.order.findIndex(
      (place) => crowd.findings[place]?.reason === 'timeout',
    );
    expect(lastHealthy).toBeLessThan(firstTimeout);
  });

  test('need no more memory than a prober has', () => {
    const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
    console.log(
      `${megabytes(crowd.rssBefore)} MB before, ${megabytes(crowd.rssPeak)} MB at the most`,
    );
    expect(crowd.rssPeak).toBeLessThan(MAX_RSS_BYTES);
  });
});
