import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ping, type Db } from '@gomon/persistence';
import { failing } from '@gomon/runtime';
import Type from 'typebox';
import { oneOf, record } from '../../schemas/fields.ts';

const Alive = record({ status: oneOf(['ok']) });
const Ready = record({
  status: oneOf(['ok', 'unavailable']),
  failing: Type.Array(Type.String({ examples: ['database'] })),
});
const tags = ['service'];

export const healthRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.get(
    '/healthz',
    {
      schema: { summary: 'Whether the process answers', tags, response: { 200: Alive } },
      config: { public: true, unlimited: true },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Whether requests can be served',
        tags,
        response: { 200: Ready, 503: Ready },
      },
      config: { public: true, unlimited: true },
    },
    async (_request, reply) => {
      const names = await failing({ database: () => ping(db) });
      const ready = names.length === 0;
      return reply
        .code(ready ? 200 : 503)
        .send({ status: ready ? 'ok' : 'unavailable', failing: names });
    },
  );
};
