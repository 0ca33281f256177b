import { afterAll, describe, expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import fc from 'fast-check';
import { MONITOR_ID, SECRETS_KEY, failure, probeOnce, success } from '../../../test/probe-once.ts';
import { onRequest, serve, stopServers } from '../../../test/scripted-server.ts';
import { parseAnswerHead } from './wire/answer-head.ts';
import { createRedirectCookies } from './redirect-cookies.ts';

afterAll(stopServers);

/** The Cookie field of a request to `to` after an answer from `from` has set these cookies. */
function sent(from: string, to: string, setCookies: string[], own?: string): string | undefined {
  const cookies = createRedirectCookies();
  const lines = setCookies.map((value) => `Set-Cookie: ${value}\r\n`).join('');
  cookies.keep(parseAnswerHead(`HTTP/1.1 302 Found\r\n${lines}`).fields, new URL(from));
  return cookies.join(own, new URL(to));
}

describe('a cookie that a redirect sets', () => {
  const shop = 'https://shop.example/';

  test.each<[what: string, from: string, to: string, cookie: string]>([
    ['the same host', shop, shop, 'seen=1'],
    ['another port of it', 'http://shop.example:8080/', 'http://shop.example:9090/', 'seen=1'],
    ['a host below its domain', shop, 'https://www.shop.example/', 'seen=1; Domain=shop.example'],
    ['a page below its path', shop, 'https://shop.example/a/b', 'seen=1; Path=/a'],
    ['HTTPS when it is secure', shop, shop, 'seen=1; Secure; HttpOnly; SameSite=Strict'],
    ['an address', 'http://127.0.0.1:8080/', 'http://127.0.0.1:8080/', 'seen=1; Path=/; HttpOnly'],
    [
      'an address that it names',
      'http://127.0.0.1/',
      'http://127.0.0.1/',
      'seen=1; Domain=127.0.0.1',
    ],
    ['an IPv6 address', 'http://[::1]:8080/', 'http://[::1]:8080/', 'seen=1'],
    ['localhost', 'http://localhost/', 'http://localhost/', 'seen=1; Domain=localhost'],
    ['a host without a dot', 'http://intranet/', 'http://intranet/', 'seen=1; Domain=intranet'],
    [
      'a host that is a public suffix',
      'https://github.io/',
      'https://github.io/',
      'seen=1; Domain=github.io',
    ],
  ])('is sent to %s', (_, from, to, cookie) => {
    expect(sent(from, to, [cookie])).toBe('seen=1');
  });

  test.each<[what: string, from: string, to: string, cookie: string]>([
    ['another host', shop, 'https://other.example/', 'seen=1'],
    ['a host below it that it does not name', shop, 'https://www.shop.example/', 'seen=1'],
    [
      'a domain that is not its own',
      shop,
      'https://other.example/',
      'seen=1; Domain=other.example',
    ],
    [
      'all of a public suffix',
      'https://shop.co.uk/',
      'https://other.co.uk/',
      'seen=1; Domain=co.uk',
    ],
    ['all of a hoster', 'https://a.github.io/', 'https://b.github.io/', 'seen=1; Domain=github.io'],
    ['another path', shop, shop, 'seen=1; Path=/a'],
    ['HTTP when it is secure', shop, 'http://shop.example/', 'seen=1; Secure'],
    ['anyone once it has expired', shop, shop, 'seen=1; Max-Age=0'],
    ['anyone when it cannot be sent', shop, shop, 'seen=\x01'],
    ['anyone when it is too long', shop, shop, `seen=${'1'.repeat(5000)}`],
    ['anyone when it is malformed', shop, shop, ';;;=='],
  ])('is not sent to %s', (_, from, to, cookie) => {
    expect(sent(from, to, [cookie])).toBeUndefined();
  });

  test("is sent beside the monitor's cookies, and replaces one of the same name", () => {
    expect(sent(shop, shop, ['seen=2', 'b=c'], 'lang=de; seen=1')).toBe('lang=de; seen=2; b=c');
    expect(sent(shop, 'https://other.example/', ['seen=2'], 'lang=de')).toBe('lang=de');
  });

  test('is one of at most fifty', () => {
    const many = Array.from({ length: 5000 }, (_, index) => `c${index}=1`);
    expect(sent(shop, shop, many)?.split('; ')).toHaveLength(50);
  });
});

test('accepts anything that a server sends as a cookie', () => {
  const part = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom(
      'a=b',
      '; Path=/',
      '; Domain=',
      '; Domain=.',
      '; Domain=localhost',
      '; Expires=',
      '; Max-Age=-1',
      '; Secure',
      '=',
      '../../..',
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.webUrl(), fc.webUrl(), (parts, from, to) => {
      const text = parts.join('').replaceAll(/[\0\r\n]|[^\0-\xff]/g, '');
      expect(sent(from, to, [text]) ?? '').toMatch(/^[\x20-\x7e\x80-\xff]*$/);
      expect(sent(from, from, [text]) ?? '').toMatch(/^[\x20-\x7e\x80-\xff]*$/);
    }),
  );
});

/** Answers requests that bring the cookie, and redirects the others to get it. */
const asksForCookie = onRequest((socket, request) => {
  const isSeen = /^cookie: .*\bseen=1\b/im.test(request);
  const head = isSeen
    ? 'HTTP/1.1 200 OK\r\n'
    : 'HTTP/1.1 302 Found\r\nlocation: /\r\nset-cookie: seen=1; Path=/; HttpOnly\r\n';
  socket.write(`${head}content-length: 0\r\n\r\n`);
});

test('reaches a page that needs the cookie of its redirect', async () => {
  const { url } = await serve(asksForCookie);
  expect(await probeOnce(url)).toEqual(success());
  const lang = await (await createEncryption(SECRETS_KEY)).encrypt('lang=de', MONITOR_ID);
  expect(await probeOnce(url, { headers: { Cookie: lang } })).toEqual(success());
});

test('keeps no cookie from one probe to the next', async () => {
  const { url } = await serve(asksForCookie);
  await probeOnce(url);
  expect(await probeOnce(url, { followRedirects: false })).toEqual(failure('http_status', 302));
});
