import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  createMaintenanceWindow,
  deleteMaintenanceWindow,
  findMaintenanceWindow,
  listMaintenanceWindows,
  updateMaintenanceWindow,
  type Db,
  type MaintenanceWindowState,
} from '@gomon/persistence';
import Type, { type Static } from 'typebox';
import { decodeCursor, toPage } from '../cursor.ts';
import { entityTag, ifMatchAccepts } from '../entity-tag.ts';
import { readMaintenance } from '../maintenance-choice.ts';
import { found, notFound } from '../problem.ts';
import { IfMatchHeaders } from '../schemas/conditional.ts';
import { IdParams, pageOf, pageQuery, record, ref } from '../schemas/fields.ts';
import { MaintenanceWindowAnswer, MaintenanceWindowPatch, NewMaintenanceWindowBody } from '../schemas/maintenance-window.ts';

const LIST = 'maintenance-windows';
const MAX_WINDOWS_PER_USER = 50;
const tags = ['maintenance'];

/** Checks go on in a window and are recorded; notifications wait for its end. */
export const maintenanceWindowRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.post(
    '/maintenance-windows',
    {
      schema: {
        summary: 'Hold back notifications for a while, once or again and again',
        tags,
        body: NewMaintenanceWindowBody,
        response: { 201: ref(MaintenanceWindowAnswer) },
      },
      config: { problems: ['maintenance_window_limit_reached'] },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const { userId } = request.caller;
        const { startsAt, ...given } = request.body;
        const settings = { monitorId: null, rrule: null, timeZone: 'UTC', ...given, startsAt: new Date(startsAt) };
        const choice = await readMaintenance(tx, userId, settings);
        const window = await createMaintenanceWindow(tx, { userId, choice, limit: MAX_WINDOWS_PER_USER });
        reply.code(201).header('location', `/v1/maintenance-windows/${window.id}`).header('etag', entityTag(window.version));
        return toAnswer(window);
      }),
  );

  app.get(
    '/maintenance-windows',
    {
      schema: {
        summary: 'Your maintenance windows, oldest first',
        tags,
        querystring: record(pageQuery),
        response: { 200: pageOf(ref(MaintenanceWindowAnswer)) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, cursor);
      const filter = { after: after && { createdAt: after.at, id: after.id }, limit: limit + 1 };
      const windows = await listMaintenanceWindows(db, request.caller.userId, filter);
      return toPage(LIST, windows.map(toAnswer), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
    },
  );

  app.get(
    '/maintenance-windows/:id',
    { schema: { summary: 'One maintenance window', tags, params: IdParams, response: { 200: ref(MaintenanceWindowAnswer) } } },
    async (request, reply) => {
      const window = found(await findMaintenanceWindow(db, request.caller.userId, request.params.id));
      reply.header('etag', entityTag(window.version));
      return toAnswer(window);
    },
  );

  app.patch(
    '/maintenance-windows/:id',
    {
      schema: {
        summary: 'Change a maintenance window',
        description: 'With `If-Match`, only the version that you know: the `ETag` of a window that you have read.',
        tags,
        params: IdParams,
        headers: IfMatchHeaders,
        body: MaintenanceWindowPatch,
        response: { 200: ref(MaintenanceWindowAnswer) },
      },
      config: { problems: ['version_mismatch'] },
    },
    async (request, reply) => {
      const { userId } = request.caller;
      const { startsAt, ...given } = request.body;
      const window = found(
        await updateMaintenanceWindow(db, {
          userId,
          id: request.params.id,
          accepts: (version) => ifMatchAccepts(request.headers['if-match'], version),
          choice: (stored, tx) => {
            const settings = { ...stored, ...given, ...(startsAt !== undefined && { startsAt: new Date(startsAt) }) };
            return readMaintenance(tx, userId, settings, stored);
          },
        }),
      );
      reply.header('etag', entityTag(window.version));
      return toAnswer(window);
    },
  );

  app.delete(
    '/maintenance-windows/:id',
    {
      schema: {
        summary: 'Remove a maintenance window; what it holds back is sent',
        tags,
        params: IdParams,
        response: { 204: Type.Null({ description: 'It is gone.' }) },
      },
    },
    async (request, reply) => {
      if (!(await deleteMaintenanceWindow(db, request.caller.userId, request.params.id))) throw notFound();
      return reply.code(204).send(null);
    },
  );
};

function toAnswer({ version: _version, isActive, ...window }: MaintenanceWindowState): Static<typeof MaintenanceWindowAnswer> {
  return { ...window, active: isActive };
}
