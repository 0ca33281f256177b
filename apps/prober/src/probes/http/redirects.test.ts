import { afterAll, expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import {
  MONITOR_ID,
  SECRETS_KEY,
  failure,
  probeOnce,
  success,
  unknown,
} from '../../../test/probe-once.ts';
import {
  onRequest,
  serve,
  serveTls,
  stopServers,
  trustTestAuthority,
} from '../../../test/scripted-server.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const redirect = (location: string, status = 302) =>
  `HTTP/1.1 ${status} Found\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`;

/** `/n` redirects to `/n-1`, and `/0` is the end; the log records every request. */
async function serveChain(log: string[] = [], pauseMs = 0) {
  return serve(
    onRequest((socket, request) => {
      log.push(request);
      const left = Number(/^\w+ \/(\d+)/.exec(request)?.[1]);
      setTimeout(() => socket.write(left === 0 ? ok : redirect(`/${left - 1}`)), pauseMs);
    }),
  );
}

afterAll(stopServers);

test('follows ten redirects but not eleven', async () => {
  const log: string[] = [];
  const { url } = await serveChain(log);
  expect(await probeOnce(`${url}10`)).toEqual(success());
  expect(log).toHaveLength(11);
  expect(await probeOnce(`${url}11`)).toEqual(failure('too_many_redirects'));
  expect(log).toHaveLength(22);
});

test('ends a redirect loop', async () => {
  const { url } = await serve(onRequest((socket) => socket.write(redirect('/'))));
  expect(await probeOnce(url)).toEqual(failure('too_many_redirects'));
});

test('has one deadline for all hops', async () => {
  const { url } = await serveChain([], 200);
  expect(await probeOnce(`${url}9`, { timeoutMs: 500 })).toEqual(failure('timeout'));
});

test('takes the first answer when the monitor does not follow redirects', async () => {
  const { url } = await serveChain();
  expect(await probeOnce(`${url}1`, { followRedirects: false })).toEqual(
    failure('http_status', 302),
  );
  expect(
    await probeOnce(`${url}1`, { followRedirects: false, expectedStatus: ['301-302'] }),
  ).toEqual(success(302));
});

test.each([
  'file:///etc/passwd',
  'unix:/run/docker.sock:/info',
  'ftp://127.0.0.1/',
  'data:,x',
  'javascript:1',
  'http://',
  'http://[',
  'http://a b/',
])('does not follow a redirect to "%s"', async (location) => {
  const { url } = await serve(onRequest((socket) => socket.write(redirect(location))));
  expect(await probeOnce(url)).toEqual(failure('bad_redirect'));
});

test.each([
  'http://127.0.0.2/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.2]/',
  'http://2130706434/',
  '//0x7f000002/',
])('does not follow a redirect to the forbidden %s', async (location) => {
  const { url } = await serve(onRequest((socket) => socket.write(redirect(location))));
  expect(await probeOnce(url)).toEqual(unknown('blocked_target'));
});

test('does not reach a socket file by a redirect', async () => {
  const { url } = await serve(
    onRequest((socket) => socket.write(redirect('http://unix/run/docker.sock:/info'))),
  );
  expect(await probeOnce(url)).toEqual(unknown('blocked_target'));
});

test('keeps the method on every hop', async () => {
  const log: string[] = [];
  const { url } = await serveChain(log);
  await probeOnce(`${url}1`, { method: 'HEAD' });
  expect(log.map((request) => request.split(' ')[0])).toEqual(['HEAD', 'HEAD']);
});

test('does not wait for the body of a redirect', async () => {
  const { url } = await serve(
    onRequest((socket, request) =>
      socket.write(
        request.startsWith('GET /end')
          ? ok
          : redirect('/end').replace('content-length: 0', 'content-length: 99'),
      ),
    ),
  );
  expect(await probeOnce(url)).toEqual(success());
});

test('reads a location written in UTF-8', async () => {
  const log: string[] = [];
  const { url } = await serve(
    onRequest((socket, request) => {
      log.push(request);
      socket.write(log.length === 1 ? Buffer.from(redirect('/ü')) : ok);
    }),
  );
  await probeOnce(url);
  expect(log[1]).toMatch(/^GET \/%C3%BC /);
});

/** The headers as they are on the queue. */
async function encrypted(headers: Record<string, string>): Promise<Record<string, string>> {
  const encryption = await createEncryption(SECRETS_KEY);
  const fields = Object.entries(headers).map(async ([name, value]) => [
    name,
    await encryption.encrypt(value, MONITOR_ID),
  ]);
  return Object.fromEntries(await Promise.all(fields)) as Record<string, string>;
}

/** Probes a site that redirects within its origin, from there to another origin, and back. */
async function requestsOfRoundTrip(headers: Record<string, string>): Promise<string[]> {
  const requests: string[] = [];
  const other = await serve(
    onRequest((socket, request) => {
      requests.push(request);
      socket.write(redirect(`${home.url}back`));
    }),
  );
  const home = await serve(
    onRequest((socket, request) => {
      requests.push(request);
      const answers: Record<string, string> = {
        '/': redirect('/same', 307),
        '/same': redirect(other.url),
        '/back': ok,
      };
      socket.write(answers[request.split(' ')[1] ?? ''] ?? '');
    }),
  );
  expect(await probeOnce(home.url, { headers: await encrypted(headers) })).toEqual(success());
  return requests;
}

test.each([
  'Authorization',
  'Cookie',
  'Proxy-Authorization',
  'X-Api-Key',
  'Api-Key',
  'ApiKey',
  'X-Auth-Token',
  'PRIVATE-TOKEN',
  'CF-Access-Client-Secret',
  'Ocp-Apim-Subscription-Key',
  'X-Authorization',
])('sends %s on the same origin, and never again after a redirect has left it', async (name) => {
  const requests = await requestsOfRoundTrip({ [name]: 'let-me-in' });
  expect(requests.map((request) => request.includes('let-me-in'))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test.each([
  'User-Agent',
  'Accept-Language',
  'Accept',
  'Cache-Control',
  'X-Requested-With',
  'X-Monitor',
])('sends %s to each origin', async (name) => {
  const requests = await requestsOfRoundTrip({ [name]: 'mine' });
  const line = `\r\n${name.toLowerCase()}: mine\r\n`;
  expect(requests.map((request) => request.split(line).length)).toEqual([2, 2, 2, 2]);
});

test('treats plain HTTP of the same host as another origin', async () => {
  const requests: string[] = [];
  trustTestAuthority();
  const plain = await serve(
    onRequest((socket, request) => {
      requests.push(request);
      socket.write(ok);
    }),
  );
  const { url } = await serveTls(
    'localhost',
    onRequest((socket) => socket.write(redirect(plain.url))),
  );
  expect(
    await probeOnce(url, { headers: await encrypted({ Authorization: 'let-me-in' }) }),
  ).toEqual(success());
  expect(requests[0]).not.toContain('let-me-in');
});
