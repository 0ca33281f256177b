import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { register, send, startTestApi, type Client, type TestApi } from '../test-api.ts';

const ORIGIN = 'https://status.example';

let api: TestApi;
let open: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi();
  open = await startTestApi({ CORS_ORIGINS: `${ORIGIN},http://localhost:3000` });
  client = await api.signUp();
});
afterAll(() => Promise.all([api.stop(), open.stop()]));

type Method = NonNullable<InjectOptions['method']>;

describe('a method', () => {
  test.each([
    ['PUT', '/v1/monitors', 'GET, HEAD, OPTIONS, POST'],
    ['TRACE', '/v1/monitors', 'GET, HEAD, OPTIONS, POST'],
    ['POST', `/v1/monitors/${randomUUID()}`, 'DELETE, GET, HEAD, OPTIONS, PATCH'],
    ['GET', '/v1/sessions', 'OPTIONS, POST'],
    ['DELETE', '/healthz', 'GET, HEAD, OPTIONS'],
    ['POST', '/docs', 'GET, HEAD, OPTIONS'],
  ])('that a path does not support is refused for everyone: %s %s', async (method, url, allow) => {
    const asked = { method: method, url, headers: { 'content-type': 'text/plain' }, payload: '{' };
    const refused = { status: 405, headers: { allow }, body: { code: 'method_not_allowed' } };
    expect(await send(api.app, asked)).toMatchObject(refused);
  });

  test('that asks for the methods gets them', async () => {
    const answer = await send(api.app, { method: 'OPTIONS', url: '/v1/monitors' });
    expect(answer).toMatchObject({
      status: 204,
      text: '',
      headers: { allow: 'GET, HEAD, OPTIONS, POST' },
    });
    expect((await send(api.app, { method: 'OPTIONS', url: '/nowhere' })).status).toBe(404);
  });

  test('HEAD is GET without the body', async () => {
    const { id } = await register(client);
    const get = await client.send('GET', `/v1/monitors/${id}`);
    const head = await client.send('HEAD', `/v1/monitors/${id}`);
    expect(head).toMatchObject({
      status: 200,
      text: '',
      headers: { etag: '"1"', 'content-length': String(get.text.length) },
    });
    expect((await client.send('HEAD', `/v1/monitors/${randomUUID()}`)).status).toBe(404);
    expect((await send(api.app, { method: 'HEAD', url: '/v1/monitors' })).status).toBe(401);
  });
});

describe('every answer', () => {
  const GUARDED = {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };

  test.each([
    ['GET', '/v1/users/me'],
    ['GET', '/v1/monitors?limit=0'],
    ['PUT', '/v1/monitors'],
    ['GET', '/nowhere'],
    ['GET', '/v1/monitors/%zz'],
    ['GET', `/v1/monitors/${'x'.repeat(101)}`],
    ['GET', '/healthz'],
    ['GET', '/openapi.json'],
  ])('is neither kept, framed nor guessed at: %s %s', async (method, url) => {
    expect((await client.send(method, url)).headers).toMatchObject(GUARDED);
  });

  test('does not reveal its software', async () => {
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    const base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
    for (const path of ['/healthz', '/nowhere', '/v1/monitors', '/docs']) {
      const names = [...(await fetch(base + path)).headers.keys()];
      expect(names.filter((name) => /server|powered|version|runtime/.test(name))).toEqual([]);
    }
  });

  test('of the page of the description runs only what comes with it', async () => {
    const { headers } = await send(api.app, { url: '/docs' });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'self';.* frame-ancestors 'none';/,
    );
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|http/);
  });
});

describe('a page of another origin', () => {
  const ask = (app: FastifyInstance, method: Method, origin: string, headers = {}) =>
    send(app, { method, url: '/v1/monitors', headers: { origin, ...headers } });
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };
  const allowances = (headers: object) =>
    Object.keys(headers).filter((name) => name.startsWith('access-control-'));

  test('may use the API when its origin is listed', async () => {
    const asked = await ask(open.app, 'OPTIONS', ORIGIN, preflight);
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': expect.stringContaining('authorization'),
      vary: 'origin',
    });
    const answer = await ask(open.app, 'GET', 'http://localhost:3000');
    expect(answer.status).toBe(401);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:3000',
      vary: 'origin',
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test.each([
    'https://other.example',
    `${ORIGIN}.evil.example`,
    `${ORIGIN}:8443`,
    'http://status.example',
    'null',
    '*',
    '',
  ])('may not when it is %j', async (origin) => {
    for (const answer of [
      await ask(open.app, 'GET', origin),
      await ask(open.app, 'OPTIONS', origin, preflight),
    ]) {
      expect(allowances(answer.headers)).toEqual([]);
    }
  });

  test('may not when no origin is listed', async () => {
    expect(allowances((await ask(api.app, 'OPTIONS', ORIGIN, preflight)).headers)).toEqual([]);
    expect(allowances((await ask(api.app, 'GET', ORIGIN)).headers)).toEqual([]);
  });
});

test('neither the description nor its page reveals what runs behind it', async () => {
  for (const url of ['/openapi.json', '/docs', '/docs/json', '/docs/yaml']) {
    expect((await send(api.app, { url })).text).not.toMatch(
      /prisma|postgres|redis|fastify|node_modules|\/home|\/work|password_hash/i,
    );
  }
  expect((await send(api.app, { url: '/metrics' })).status).toBe(404);
});

test('an answer that takes too long is given up', async () => {
  const slow = await startTestApi();
  slow.app.get(
    '/slow',
    { handlerTimeout: 50, config: { public: true } },
    () => new Promise(() => undefined),
  );
  expect(await send(slow.app, { url: '/slow' })).toMatchObject({
    status: 503,
    body: { code: 'unavailable' },
    headers: { 'retry-after': '2' },
  });
  expect(slow.app.initialConfig).toMatchObject({
    handlerTimeout: 15_000,
    requestTimeout: 10_000,
    bodyLimit: 262_144,
  });
  await slow.stop();
});
