import fp from 'fastify-plugin';
import { Problem } from '../problem.ts';

/** Refuses requests that name several hosts: a proxy may have read another one (RFC 9112, 3.2). */
export const oneHost = fp(async (app) => {
  app.addHook('onRequest', async ({ raw: { rawHeaders } }) => {
    const hosts = rawHeaders.filter(
      (text, place) => place % 2 === 0 && text.toLowerCase() === 'host',
    );
    if (hosts.length > 1)
      throw new Problem('malformed_request', 'The request names more than one host.');
  });
});
