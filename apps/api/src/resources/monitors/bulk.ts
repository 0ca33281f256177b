import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { deleteMonitors, pauseMonitors, resumeMonitors } from '@gomon/persistence';
import { BulkAnswer, BulkBody } from './bulk-schemas.ts';
import { uniqueIds } from '../../http/uuid.ts';

const ACTIONS = { pause: pauseMonitors, resume: resumeMonitors, delete: deleteMonitors };

export const bulkRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/monitors/bulk',
    {
      schema: {
        summary: 'Pause, resume or delete many monitors',
        description: 'Changes all of yours, or none when it fails.',
        tags: ['monitors'],
        body: BulkBody,
        response: { 200: BulkAnswer },
      },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const { action } = request.body;
        const ids = uniqueIds(request.body.ids);
        const done = await ACTIONS[action](tx, request.caller.ownerId, ids);
        const known = new Set(done);
        return { done, notFound: ids.filter((id) => !known.has(id)) };
      }),
  );
};
