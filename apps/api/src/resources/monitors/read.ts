import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  deleteMonitor,
  findMonitors,
  listMonitors,
  MONITORS_AT_ONCE,
  type Db,
  type MonitorKey,
} from '@gomon/persistence';
import Type from 'typebox';
import { decodeCursor, toPage } from '../../http/cursor.ts';
import { entityTag } from '../../http/entity-tag.ts';
import { found, notFound } from '../../problem.ts';
import { IdParams, pageOf, ref } from '../../schemas/fields.ts';
import { MonitorAnswer, MonitorQuery, toMonitorAnswer } from './schemas.ts';
import { sharedRead } from '../../http/shared-read.ts';

const LIST = 'monitors';
const tags = ['monitors'];

const getMonitorsSchema = {
  summary: 'List your monitors, oldest first',
  tags,
  querystring: MonitorQuery,
  response: { 200: pageOf(ref(MonitorAnswer)) },
};

const getMonitorsIdSchema = {
  summary: 'Get a monitor',
  tags,
  params: IdParams,
  response: { 200: ref(MonitorAnswer) },
};

const deleteMonitorsIdSchema = {
  summary: 'Delete a monitor and its alerts',
  tags,
  params: IdParams,
  response: { 204: Type.Null({ description: 'Deleted.' }) },
};

export const monitorRoutes: FastifyPluginAsyncTypebox<{ db: Db; shardCount: number }> = async (
  app,
  options,
) => {
  const { db, shardCount } = options;
  const findMonitor = sharedRead(
    (keys: readonly MonitorKey[]) => findMonitors(db, keys, shardCount),
    MONITORS_AT_ONCE,
  );
  app.get(
    '/monitors',
    {
      schema: getMonitorsSchema,
    },
    async (request) => {
      const { limit, cursor, ids, ...filter } = request.query;
      const after = decodeCursor(LIST, cursor);
      const monitors = await listMonitors(db, request.caller.ownerId, {
        ...filter,
        ids: ids?.split(','),
        after: after && { createdAt: after.at, id: after.id },
        limit: limit + 1,
      });
      return toPage(LIST, monitors.map(toMonitorAnswer), limit, ({ createdAt, id }) => ({
        at: createdAt,
        id,
      }));
    },
  );

  app.get(
    '/monitors/:id',
    {
      schema: getMonitorsIdSchema,
    },
    async (request, reply) => {
      const monitor = found(
        await findMonitor({ ownerId: request.caller.ownerId, id: request.params.id }),
      );
      reply.header('etag', entityTag(monitor.version));
      return toMonitorAnswer(monitor);
    },
  );

  app.delete(
    '/monitors/:id',
    {
      schema: deleteMonitorsIdSchema,
    },
    async (request, reply) => {
      if (!(await deleteMonitor(db, request.caller.ownerId, request.params.id))) throw notFound();
      return reply.code(204).send(null);
    },
  );
};
