import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  deleteMaintenanceWindow,
  findMaintenanceWindow,
  listMaintenanceWindows,
  type Db,
  type MaintenanceWindowState,
} from '@gomon/persistence';
import Type, { type Static } from 'typebox';
import { decodeCursor, toPage } from '../../http/cursor.ts';
import { entityTag } from '../../http/entity-tag.ts';
import { found, notFound } from '../../problem.ts';
import { IdParams, pageOf, pageQuery, record, ref } from '../../schemas/fields.ts';
import { MaintenanceWindowAnswer } from './schemas.ts';

const LIST = 'maintenance-windows';
const tags = ['maintenance'];

const getMaintenanceWindowsIdSchema = {
  summary: 'Get a maintenance window',
  tags,
  params: IdParams,
  response: { 200: ref(MaintenanceWindowAnswer) },
};

/** Checks continue in a window and are recorded; notifications wait for its end. */
export const maintenanceWindowRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (
  app,
  { db },
) => {
  app.get(
    '/maintenance-windows',
    {
      schema: {
        summary: 'List your maintenance windows, oldest first',
        tags,
        querystring: record(pageQuery),
        response: { 200: pageOf(ref(MaintenanceWindowAnswer)) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, cursor);
      const filter = { after: after && { createdAt: after.at, id: after.id }, limit: limit + 1 };
      const windows = await listMaintenanceWindows(db, request.caller.ownerId, filter);
      return toPage(LIST, windows.map(toMaintenanceAnswer), limit, ({ createdAt, id }) => ({
        at: createdAt,
        id,
      }));
    },
  );

  app.get(
    '/maintenance-windows/:id',
    {
      schema: getMaintenanceWindowsIdSchema,
    },
    async (request, reply) => {
      const window = found(
        await findMaintenanceWindow(db, request.caller.ownerId, request.params.id),
      );
      reply.header('etag', entityTag(window.version));
      return toMaintenanceAnswer(window);
    },
  );

  app.delete(
    '/maintenance-windows/:id',
    {
      schema: {
        summary: 'Delete a maintenance window; notifications it holds back are sent',
        tags,
        params: IdParams,
        response: { 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    async (request, reply) => {
      if (!(await deleteMaintenanceWindow(db, request.caller.ownerId, request.params.id)))
        throw notFound();
      return reply.code(204).send(null);
    },
  );
};

export function toMaintenanceAnswer({
  version: _version,
  isActive,
  ...window
}: MaintenanceWindowState): Static<typeof MaintenanceWindowAnswer> {
  return { ...window, active: isActive };
}
