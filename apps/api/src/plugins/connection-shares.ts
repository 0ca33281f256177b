import { shareAmongHolders, type Db } from '@gomon/persistence';
import fp from 'fastify-plugin';
import { connectionHolder, heldBy } from '../http/connection-holder.ts';

/**
 * A burst of one user's requests waits for its own share of the database's connections; until somebody has logged in, a network's. What is
 * loaded for a crowd has its own limit. Register it behind `authenticate`.
 */
export const connectionShares = fp(async (app, { db }: { db: Db }) => {
  shareAmongHolders(db, connectionHolder);
  app.addHook('preHandler', (request, _reply, done) => {
    const { unlimited, freeWhenFound } = request.routeOptions.config;
    if (unlimited || freeWhenFound) done();
    else heldBy(request.caller?.userId ?? request.clientNetwork, done);
  });
});
