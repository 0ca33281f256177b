import type { Db } from '@gomon/persistence';
import type { FastifyPluginAsync } from 'fastify';
import { createCache } from '../http/cache.ts';
import { Problem } from '../problem.ts';
import { keepLastPages } from './last-pages.ts';
import { createPublicPageReader, type PublicPage } from './public-page.ts';
import { compressed, publicText, sendPublicText, type PublicText } from './public-text.ts';
import { SLUG_PATTERN } from '../resources/status-pages/schemas.ts';
import { statusFeed } from './status-feed.ts';
import { missingHtml, statusHtml } from './status-html.ts';
import { STATUS_POLICY } from './status-style.ts';
import { createSemaphore } from '../http/semaphore.ts';

interface Shown {
  readonly page: PublicPage;
  readonly html: PublicText;
}

const FRESH_SECONDS = 15;
const CACHE = { ttlMs: FRESH_SECONDS * 1000, maxKeys: 200 };
/** The most page reads for the database at once, whether the pages exist or not. */
const READERS = { places: 4, queue: 200 };
const SLUG = new RegExp(SLUG_PATTERN);

/**
 * Public pages. Crowds are served from memory, so their requests count for no limit; requests for
 * missing pages do.
 */
export const publicStatusRoutes: FastifyPluginAsync<{ db: Db }> = async (app, { db }) => {
  const now = () => performance.now();
  const semaphore = createSemaphore(READERS);
  const readPage = keepLastPages(createPublicPageReader(db, now), now, (error) =>
    app.log.warn({ error: error.message }, 'serving a status page as last read'),
  );
  const shown = createCache<Shown>({ ...CACHE, now }, async (slug) => {
    const page = await semaphore(() => readPage(slug));
    return { page, html: await compressed(publicText(HTML, statusHtml(slug, page))) };
  });
  const find = async (slug: string) =>
    SLUG.test(slug) ? shown(slug).catch(nullWhenMissing) : null;
  const route = { schema: { hide: true }, config: { public: true, freeWhenFound: true } };

  app.get<{ Params: { slug: string } }>('/status/:slug', route, async (request, reply) => {
    reply.header('content-security-policy', STATUS_POLICY);
    const found = await find(request.params.slug);
    if (!found) return reply.code(404).type(HTML).send(missingHtml());
    return sendPublicText(request, reply, found.html, `public, max-age=${FRESH_SECONDS}`);
  });

  app.get<{ Params: { slug: string } }>('/status/:slug/feed.xml', route, async (request, reply) => {
    const { slug } = request.params;
    const found = await find(slug);
    if (!found)
      return reply
        .code(404)
        .type(HTML)
        .header('content-security-policy', STATUS_POLICY)
        .send(missingHtml());
    const url = `${request.protocol}://${request.host}/status/${slug}`;
    const feed = publicText(RSS, statusFeed(url, found.page));
    // It contains the client's Host header, so caches must not share it.
    return sendPublicText(request, reply, feed, `private, max-age=${FRESH_SECONDS}`);
  });
};

const HTML = 'text/html; charset=utf-8';
const RSS = 'application/rss+xml; charset=utf-8';

function nullWhenMissing(error: unknown): null {
  if (error instanceof Problem && error.code === 'not_found') return null;
  throw error;
}
