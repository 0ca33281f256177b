import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { deleteMonitor, findMonitor, listMonitors, type Db } from '@gomon/persistence';
import Type from 'typebox';
import { decodeCursor, toPage } from '../cursor.ts';
import { entityTag } from '../entity-tag.ts';
import { found, notFound } from '../problem.ts';
import { IdParams, pageOf, ref } from '../schemas/fields.ts';
import { MonitorAnswer, MonitorQuery, toMonitorAnswer } from '../schemas/monitor.ts';

const LIST = 'monitors';
const tags = ['monitors'];

export const monitorRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.get(
    '/monitors',
    {
      schema: {
        summary: 'Your monitors, oldest first',
        tags,
        querystring: MonitorQuery,
        response: { 200: pageOf(ref(MonitorAnswer)) },
      },
    },
    async (request) => {
      const { limit, cursor, ids, ...filter } = request.query;
      const after = decodeCursor(LIST, cursor);
      const monitors = await listMonitors(db, request.caller.userId, {
        ...filter,
        ids: ids?.split(','),
        after: after && { createdAt: after.at, id: after.id },
        limit: limit + 1,
      });
      return toPage(LIST, monitors.map(toMonitorAnswer), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
    },
  );

  app.get(
    '/monitors/:id',
    { schema: { summary: 'One monitor', tags, params: IdParams, response: { 200: ref(MonitorAnswer) } } },
    async (request, reply) => {
      const monitor = found(await findMonitor(db, request.caller.userId, request.params.id));
      reply.header('etag', entityTag(monitor.version));
      return toMonitorAnswer(monitor);
    },
  );

  app.delete(
    '/monitors/:id',
    {
      schema: {
        summary: 'Remove a monitor with its alerts',
        tags,
        params: IdParams,
        response: { 204: Type.Null({ description: 'It is gone.' }) },
      },
    },
    async (request, reply) => {
      if (!(await deleteMonitor(db, request.caller.userId, request.params.id))) throw notFound();
      return reply.code(204).send(null);
    },
  );
};
