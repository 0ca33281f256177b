import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';

/**
 * Watches routes registered from now on. The returned function answers all other methods of their
 * paths: 405, and 204 to OPTIONS, with the available methods in `Allow`.
 */
export function watchMethods(app: FastifyInstance): () => void {
  const urls = new Set<string>();
  app.addHook('onRoute', ({ url }) => void urls.add(url));
  return () => {
    for (const url of [...urls]) {
      const isThere = (method: string) => app.hasRoute({ method, url });
      const answer = answerOthers(
        [...app.supportedMethods.filter(isThere), 'OPTIONS'].sort().join(', '),
      );
      const method = app.supportedMethods.filter((name) => !isThere(name));
      // Answered before the body is read: it may be anything.
      app.route({
        method,
        url,
        schema: { hide: true },
        config: { public: true },
        onRequest: answer,
        handler: answer,
      });
    }
  };
}

function answerOthers(allow: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    reply.header('allow', allow);
    if (request.method === 'OPTIONS') return reply.code(204).send();
    throw new Problem('method_not_allowed', `This path supports ${allow}.`);
  };
}
