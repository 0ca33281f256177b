import { shareAmongHolders, type Db } from '@gomon/persistence';
import fp from 'fastify-plugin';
import { connectionHolder, heldBy } from '../http/connection-holder.ts';

/**
 * A burst of one user's requests waits for that user's share of database connections; before login,
 * for the network's. What is loaded for a crowd has a separate limit. Register it after
 * `authenticate`.
 */
export const connectionShares = fp(async (app, { db }: { db: Db }) => {
  shareAmongHolders(db, connectionHolder);
  app.addHook('preHandler', (request, _reply, done) => {
    const { unlimited, freeWhenFound } = request.routeOptions.config;
    if (unlimited || freeWhenFound) done();
    else heldBy(request.caller?.userId ?? request.clientNetwork, done);
  });
});
