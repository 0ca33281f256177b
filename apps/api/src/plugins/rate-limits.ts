import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { networkOf } from '../auth/client-network.ts';
import { rateLimited } from '../problem.ts';
import type { Allowance, RateLimit } from '../http/rate-limit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Counts for no limit: for monitoring of this service. */
    readonly unlimited?: boolean;
    /** Counts only when nothing was found: for crowds that are served from memory. */
    readonly freeWhenFound?: boolean;
  }
  interface FastifyRequest {
    /** Identifies the client by its address: see `networkOf`. */
    clientNetwork: string;
  }
}

interface RateLimits {
  readonly perUser: RateLimit;
  readonly perAddress: RateLimit;
}

/**
 * Every request counts for its address before anything is read of it. If a session or API key shows
 * that it is a user's, it counts for the user instead; while the user is over the limit, for both.
 * Register it before `authenticate`.
 */
export const rateLimits = fp(async (app, { perUser, perAddress }: RateLimits) => {
  app.decorateRequest('clientNetwork', '');
  app.addHook('onRequest', async (request, reply) => {
    request.clientNetwork = networkOf(request.ip);
    const { unlimited, freeWhenFound } = request.routeOptions.config;
    if (unlimited) return;
    const allowance = perAddress.take(request.clientNetwork);
    if (freeWhenFound && allowance.allowed) return;
    enforce(reply, 'address', perAddress, allowance);
  });
  app.addHook('preParsing', async (request, reply) => {
    if (!request.caller) return;
    enforce(reply, 'user', perUser, perUser.take(request.caller.userId));
    perAddress.giveBack(request.clientNetwork);
  });
  app.addHook('onSend', async (request, reply) => {
    const { freeWhenFound } = request.routeOptions.config;
    if (freeWhenFound && reply.statusCode < 400) perAddress.giveBack(request.clientNetwork);
  });
});

/** The fields of draft-ietf-httpapi-ratelimit-headers-10. */
function enforce(
  reply: FastifyReply,
  policy: string,
  { perMinute }: RateLimit,
  allowance: Allowance,
): void {
  const { allowed, remaining, resetSeconds, retryAfterSeconds } = allowance;
  reply.header('ratelimit-policy', `"${policy}";q=${perMinute};w=60`);
  reply.header('ratelimit', `"${policy}";r=${remaining};t=${resetSeconds}`);
  if (allowed) return;
  throw rateLimited(`Too many requests. Try again in ${retryAfterSeconds} s.`, retryAfterSeconds);
}
