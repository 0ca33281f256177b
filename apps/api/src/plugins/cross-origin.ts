import fp from 'fastify-plugin';

const ALLOWED_HEADERS = 'authorization, content-type, idempotency-key, if-match';
const EXPOSED_HEADERS =
  'etag, idempotent-replayed, location, ratelimit, ratelimit-policy, retry-after';
const PREFLIGHT_SECONDS = '600';

/**
 * Lets pages of these origins, and no others, use the API from a browser: the CORS protocol of the
 * Fetch standard.
 */
export const crossOrigin = fp(async (app, { origins }: { origins: readonly string[] }) => {
  if (origins.length === 0) return;
  app.addHook('onRequest', async (request, reply) => {
    const { origin, 'access-control-request-method': method } = request.headers;
    reply.header('vary', 'origin');
    if (origin === undefined || !origins.includes(origin)) return;
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED_HEADERS,
    });
    if (request.method !== 'OPTIONS' || method === undefined) return;
    reply.headers({
      'access-control-allow-methods': method,
      'access-control-allow-headers': ALLOWED_HEADERS,
      'access-control-max-age': PREFLIGHT_SECONDS,
    });
  });
});
