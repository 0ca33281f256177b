import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { closeBadge, openBadge, type Db } from '@gomon/persistence';
import Type from 'typebox';
import { found, notFound } from '../../problem.ts';
import { BadgeAnswer } from './schemas.ts';
import { IdParams, ref } from '../../schemas/fields.ts';

const TOKEN_BYTES = 18;
const tags = ['status pages'];

export const badgeRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.put(
    '/monitors/:id/badge',
    {
      schema: {
        summary: "Enable a monitor's badges",
        description: 'Returns the same badges until they are removed.',
        tags,
        params: IdParams,
        response: { 200: ref(BadgeAnswer) },
      },
    },
    async (request) => {
      const fresh = randomBytes(TOKEN_BYTES).toString('base64url');
      const token = found(await openBadge(db, request.caller.ownerId, request.params.id, fresh));
      const path = `/badges/${token}`;
      return {
        token,
        stateUrl: `${path}/state.svg`,
        uptimeUrl: `${path}/uptime.svg`,
        latencyUrl: `${path}/latency.svg`,
        shieldsUrl: `${path}/state.json`,
      };
    },
  );

  app.delete(
    '/monitors/:id/badge',
    {
      schema: {
        summary: "Disable a monitor's badges",
        tags,
        params: IdParams,
        response: { 204: Type.Null({ description: 'The badges are disabled.' }) },
      },
    },
    async (request, reply) => {
      if (!(await closeBadge(db, request.caller.ownerId, request.params.id))) throw notFound();
      return reply.code(204).send(null);
    },
  );
};
