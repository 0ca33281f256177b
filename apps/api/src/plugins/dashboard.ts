import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

/** The dashboard's paths, all answered by its one page. */
const PAGES = [
  '/',
  '/login',
  '/signup',
  '/monitors',
  '/monitors/*',
  '/alerts',
  '/channels',
  '/channels/*',
  '/maintenance',
  '/maintenance/*',
  '/status-pages',
  '/status-pages/*',
  '/api-keys',
  '/system',
  '/account',
];

const PAGE = 'index.html';

/** Runs only our own files and sends nothing elsewhere: the page holds a session's token. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Vite puts files with a hash in their names here: changed content gets a new name. */
const HASHED = '/assets/';
const YEAR = 'public, max-age=31536000, immutable';

/** Serves the built dashboard at `/`. Without a build the API works as usual. */
export const dashboard = fp(async (app, { directory }: { directory: string }) => {
  const root = resolve(directory);
  if (!existsSync(join(root, PAGE))) {
    app.log.info({ directory: root }, 'no dashboard: it has not been built');
    return;
  }
  const page = readFileSync(join(root, PAGE));
  app.missingPage.show = (request, reply) => {
    if (!wantsPage(request)) return null;
    reply
      .code(404)
      .headers({ 'cache-control': 'no-cache', 'content-security-policy': CONTENT_SECURITY_POLICY });
    return reply.type('text/html; charset=utf-8').send(page);
  };
  await app.register(async (files) => {
    files.addHook('onRoute', (route) => {
      route.config = { ...route.config, public: true, unlimited: true };
    });
    await files.register(fastifyStatic, {
      root,
      wildcard: false,
      index: false,
      cacheControl: false,
      preCompressed: true,
      globIgnore: ['**/*.br', '**/*.gz', PAGE],
      setHeaders: (reply, path) => {
        const isHashed = path.slice(root.length).startsWith(HASHED);
        reply.header('cache-control', isHashed ? YEAR : 'no-cache');
        reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
      },
    });
    for (const url of PAGES)
      files.get(url, { schema: { hide: true } }, async (_request, reply) => reply.sendFile(PAGE));
  });
});

/**
 * Browsers get the dashboard's page for unknown paths. The API answers programs, also at unknown
 * paths.
 */
function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && !OF_THE_API.test(url) && /\btext\/html\b/i.test(headers.accept ?? '');
}

const OF_THE_API = /^\/(v1|badges|assets|docs|openapi\.json)(\/|\?|$)/i;
