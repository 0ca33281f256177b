import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Stops browsers and caches from doing more with an answer than intended. The page of the
 * description has a separate policy.
 */
export const securityHeaders = fp(async (app) => {
  app.addHook('onRequest', async (_request, reply) => void secure(reply));
});

export function secure(reply: FastifyReply): FastifyReply {
  return reply.headers(HEADERS);
}
