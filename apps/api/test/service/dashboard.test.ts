import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { send, startTestApi, type TestApi } from '../test-api.ts';

const PAGE = '<!doctype html><title>GoMon</title>';
const SCRIPT = 'export const answer = 42;';

let directory: string;
let api: TestApi;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gomon-dashboard-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), PAGE);
  writeFileSync(join(directory, 'favicon.svg'), '<svg/>');
  writeFileSync(join(directory, 'assets/index-1234.js'), SCRIPT);
  writeFileSync(join(directory, 'assets/index-1234.js.gz'), gzipSync(SCRIPT));
  api = await startTestApi({ DASHBOARD_DIR: directory });
});
afterAll(async () => {
  await api?.stop();
  rmSync(directory, { recursive: true, force: true });
});

test.each([
  '/',
  '/login',
  '/monitors',
  '/monitors/some-id/edit',
  '/status-pages/new',
  '/system?tab=1',
])('%s is the page, which runs only our own files and is never cached', async (url) => {
  const { status, headers, text } = await send(api.app, { url });
  expect([status, text]).toEqual([200, PAGE]);
  expect(headers).toMatchObject({
    'content-type': expect.stringContaining('text/html'),
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});

test('files with a hash in their names are cached permanently, and sent compressed if accepted', async () => {
  const { headers, text } = await send(api.app, { url: '/assets/index-1234.js' });
  expect(text).toBe(SCRIPT);
  expect(headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable' });
  expect(headers['content-type']).toMatch(/javascript/);
  const packed = await send(api.app, {
    url: '/assets/index-1234.js',
    headers: { 'accept-encoding': 'gzip' },
  });
  expect(packed.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': headers['content-type'],
  });
  expect((await send(api.app, { url: '/favicon.svg' })).headers).toMatchObject({
    'cache-control': 'no-cache',
  });
});

test.each([
  '/v1/nothing',
  '/status',
  '/badges/nothing',
  '/nothing',
  '/assets/gone.js',
  '/assets/index-1234.js.gz',
  '/..%2f..%2fetc/passwd',
])('%s is not the page but a problem', async (url) => {
  const { status, text, headers } = await send(api.app, { url });
  expect([status, headers['content-type']]).toEqual([
    404,
    expect.stringContaining('application/problem+json'),
  ]);
  expect(text).not.toContain('<!doctype');
});

describe('a path that there is not', () => {
  const ask = (url: string, accept = 'text/html,application/xhtml+xml,*/*;q=0.8') =>
    send(api.app, { url, headers: { accept } });

  test.each(['/nope', '/monitor/1', '/a/b?c=d', '/status', '/nope.html'])(
    'is shown to a browser by the dashboard: %s',
    async (url) => {
      const { status, headers, text } = await ask(url);
      expect([status, text]).toEqual([404, PAGE]);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
      });
      expect(headers['content-security-policy']).toContain("script-src 'self'");
    },
  );

  test.each(['/v1/nope', '/v1', '/badges/nope', '/assets/gone.js', '/docs/nope'])(
    'is a problem where the API is asked: %s',
    async (url) => {
      const { status, headers } = await ask(url);
      expect([status, headers['content-type']]).toEqual([
        404,
        expect.stringContaining('application/problem+json'),
      ]);
    },
  );

  test('is a problem for programs', async () => {
    for (const accept of ['*/*', 'application/json', ''])
      expect((await ask('/nope', accept)).text).toContain('urn:gomon:not_found');
    const posted = await send(api.app, {
      method: 'POST',
      url: '/nope',
      headers: { accept: 'text/html' },
    });
    expect(posted.text).toContain('urn:gomon:not_found');
  });
});

test('other methods on its paths are refused, and the API works as before', async () => {
  expect((await send(api.app, { method: 'POST', url: '/monitors' })).status).toBe(405);
  expect((await send(api.app, { url: '/v1/monitors' })).status).toBe(401);
  expect((await send(api.app, { url: '/docs' })).status).toBe(200);
});

test('without a build there is no page: a problem at /, and the API works', async () => {
  const bare = await startTestApi({ DASHBOARD_DIR: join(directory, 'not-there') });
  try {
    expect((await send(bare.app, { url: '/' })).status).toBe(404);
    expect((await send(bare.app, { url: '/healthz' })).status).toBe(200);
  } finally {
    await bare.stop();
  }
});
