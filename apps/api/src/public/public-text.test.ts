import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { fastify } from 'fastify';
import { compressed, publicText, sendPublicText } from './public-text.ts';

const TEXT = 'All is well. '.repeat(100);
const text = await compressed(publicText('text/plain', TEXT));

const app = fastify();
app.get('/', (request, reply) =>
  sendPublicText(request, reply.header('vary', 'origin'), text, 'public, max-age=15'),
);
afterAll(() => app.close());

const get = (headers: Record<string, string>) => app.inject({ url: '/', headers });

test.each(['gzip', 'br, gzip', 'gzip;q=0.5, *'])(
  'is sent compressed to clients that accept %j',
  async (accepted) => {
    const { headers, rawPayload } = await get({ 'accept-encoding': accepted });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'origin, accept-encoding' });
    expect(gunzipSync(rawPayload).toString()).toBe(TEXT);
  },
);

test.each(['', 'br', 'gzip;q=0', 'gzip; q=0.0, br'])(
  'is sent uncompressed to clients that accept %j',
  async (accepted) => {
    const { headers, payload } = await get({ 'accept-encoding': accepted });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(payload).toBe(TEXT);
  },
);

test('is not sent again to clients that have it, in either encoding', async () => {
  const tags = [
    (await get({})).headers.etag,
    (await get({ 'accept-encoding': 'gzip' })).headers.etag,
  ].map(String);
  expect(new Set(tags).size).toBe(2);
  for (const tag of [...tags, `W/${tags[0]}`, `"x", ${tags[1]}`]) {
    expect(await get({ 'if-none-match': tag, 'accept-encoding': 'gzip' })).toMatchObject({
      statusCode: 304,
      payload: '',
    });
  }
  expect((await get({ 'if-none-match': '"x"' })).statusCode).toBe(200);
});
