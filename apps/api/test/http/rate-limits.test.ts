import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { register, send, startTestApi, type TestApi } from '../test-api.ts';

const apis: TestApi[] = [];
afterEach(async () => {
  for (const api of apis.splice(0)) await api.stop();
});

async function start(environment: Record<string, string>): Promise<TestApi> {
  const api = await startTestApi(environment);
  apis.push(api);
  return api;
}

describe('a user', () => {
  test('may make a limited number of requests over all sessions and networks, and sees how many are left', async () => {
    const api = await start({ RATE_LIMIT_PER_MINUTE: '4' });
    const user = await api.signUp();
    const first = await user.send('GET', '/v1/users/me');
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"user";q=4;w=60',
      ratelimit: '"user";r=3;t=15',
    });
    for (let i = 0; i < 3; i++)
      expect((await user.send('GET', `/v1/monitors/${randomUUID()}`)).status).toBe(404);
    const refused = await user.send('POST', '/v1/monitors', {});
    expect(refused).toMatchObject({
      status: 429,
      body: { code: 'rate_limited' },
      headers: { ratelimit: expect.stringContaining('"user";r=0;') },
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(15);
    expect(
      (
        await send(api.app, {
          url: '/v1/users/me',
          remoteAddress: '192.0.2.9',
          headers: bearer(user.token),
        })
      ).status,
    ).toBe(429);
    expect((await (await api.signUp()).send('GET', '/v1/users/me')).status).toBe(200);
  });

  test('uses up nothing of the address that others have, too, until over the limit', async () => {
    const api = await start({ RATE_LIMIT_PER_MINUTE: '20', ADDRESS_RATE_LIMIT_PER_MINUTE: '10' });
    const user = await api.signUp(); // Two of the address's ten.
    for (let i = 0; i < 20; i++) expect((await user.send('GET', '/v1/monitors')).status).toBe(200);
    expect((await send(api.app, { url: '/openapi.json' })).status).toBe(200);
    const refusedBy = [];
    for (let i = 0; i < 30; i++)
      refusedBy.push(
        String((await user.send('GET', '/v1/monitors')).headers['ratelimit']).split(';')[0],
      );
    expect(refusedBy.at(0)).toBe('"user"');
    expect(refusedBy.at(-1)).toBe('"address"');
  });
});

describe('an address', () => {
  const anonymous: [string, InjectOptions][] = [
    [
      'logging in',
      {
        method: 'POST',
        url: '/v1/sessions',
        payload: { username: 'nobody', password: 'correct horse' },
      },
    ],
    ['a token that is none', { url: '/v1/monitors', headers: { authorization: 'Bearer a.b.c' } }],
    ['a path that is none', { url: '/nowhere' }],
    ['an id without a token', { url: `/v1/monitors/${randomUUID()}` }],
    ['another method', { method: 'PUT', url: '/v1/monitors' }],
    ['the description', { url: '/openapi.json' }],
  ];

  test.each(anonymous)('is limited in %s', async (_, ask) => {
    const { app } = await start({ ADDRESS_RATE_LIMIT_PER_MINUTE: '2' });
    for (let i = 0; i < 2; i++) expect((await app.inject(ask)).statusCode).not.toBe(429);
    const refused = await app.inject(ask);
    expect(refused).toMatchObject({
      statusCode: 429,
      headers: {
        'retry-after': expect.stringMatching(/^[1-3]\d?$/),
        'ratelimit-policy': '"address";q=2;w=60',
      },
    });
    for (const url of ['/healthz', '/readyz'])
      expect((await app.inject({ url })).statusCode).toBe(200);
  });

  test('is one for all of a /64, and another for the next', async () => {
    const { app } = await start({ ADDRESS_RATE_LIMIT_PER_MINUTE: '1' });
    const from = (remoteAddress: string) => app.inject({ url: '/nowhere', remoteAddress });
    expect((await from('2001:db8:1:2::1')).statusCode).toBe(404);
    expect((await from('2001:db8:1:2:ffff::9')).statusCode).toBe(429);
    expect((await from('2001:db8:1:3::1')).statusCode).toBe(404);
    expect((await from('192.0.2.1')).statusCode).toBe(404);
    expect((await from('::ffff:192.0.2.1')).statusCode).toBe(429);
  });
});

describe('a public resource', () => {
  test.each([
    ['pages', (slug: string) => `/status/${slug}`],
    ['feeds', (slug: string) => `/status/${slug}/feed.xml`],
    ['badges', (_slug: string, token: string) => `/badges/${token}/state.svg`],
  ])('counts for no limit if it exists, and for the address if not: %s', async (_what, url) => {
    const api = await start({ ADDRESS_RATE_LIMIT_PER_MINUTE: '3' });
    const owner = await api.signUp();
    const monitor = await register(owner);
    await owner.send('POST', '/v1/status-pages', { slug: 'acme', title: 'Acme', published: true });
    const { body } = await owner.send<{ token: string }>('PUT', `/v1/monitors/${monitor.id}/badge`);
    const ask = (slug: string, token: string) =>
      send(api.app, { url: url(slug, token), remoteAddress: '192.0.2.1' });
    for (let i = 0; i < 9; i++) expect((await ask('acme', body.token)).status).toBe(200);
    const guesses = [];
    for (let i = 0; i < 4; i++) guesses.push((await ask(`guess-${i}`, `${i}`.repeat(24))).status);
    expect(guesses).toEqual([404, 404, 404, 429]);
  });
});

/** How many of five requests over TCP are let through, each with a different X-Forwarded-For. */
async function letThrough(
  trustProxy: string,
  forwardedFor: (index: number) => string[],
): Promise<number> {
  const { app } = await start({ TRUST_PROXY: trustProxy, ADDRESS_RATE_LIMIT_PER_MINUTE: '1' });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const statuses: unknown[] = [];
  for (let index = 0; index < 5; index++) {
    const asked = request({
      port,
      path: '/nowhere',
      headers: { 'x-forwarded-for': forwardedFor(index) },
    }).end();
    const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    statuses.push(response.statusCode);
  }
  return statuses.filter((status) => status === 404).length;
}

describe('an X-Forwarded-For', () => {
  const client = '198.51.100.7';
  const forged = (index: number) => `203.0.113.${index}`;

  test('is not believed when no proxy is trusted', async () =>
    expect(await letThrough('', (index) => [forged(index)])).toBe(1));

  test('is trusted only as far as there are proxies, so that forged entries are ignored', async () => {
    expect(await letThrough('1', (index) => [forged(index), client])).toBe(1);
    expect(await letThrough('1', (index) => [client, forged(index)])).toBe(5);
    expect(await letThrough('2', (index) => [`${forged(index)}, ${client}`, '10.0.0.1'])).toBe(1);
  });

  test('is trusted from the configured proxies only', async () => {
    expect(await letThrough('127.0.0.0/8', (index) => [forged(index), client])).toBe(1);
    expect(
      await letThrough('127.0.0.1,10.0.0.0/8', (index) => [forged(index), client, '10.9.9.9']),
    ).toBe(1);
    expect(await letThrough('10.0.0.0/8', (index) => [forged(index)])).toBe(1);
  });

  test('of nonsense from a proxy limits that proxy’s clients together', async () => {
    expect(await letThrough('1', () => ['unknown, '])).toBe(1);
  });
});

function bearer(token: string) {
  return { authorization: `Bearer ${token}` };
}
