import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { createMaintenanceWindow, updateMaintenanceWindow, type Db } from '@gomon/persistence';
import { entityTag, ifMatchAccepts } from '../../http/entity-tag.ts';
import { readMaintenance } from './settings.ts';
import { found } from '../../problem.ts';
import { IfMatchHeaders } from '../../schemas/conditional.ts';
import { IdParams, ref } from '../../schemas/fields.ts';
import { MaintenanceWindowAnswer, MaintenanceWindowPatch, NewMaintenanceWindowBody } from './schemas.ts';
import { toMaintenanceAnswer } from './read.ts';

const MAX_WINDOWS_PER_USER = 50;
const tags = ['maintenance'];

export const maintenanceSettingsRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.post(
    '/maintenance-windows',
    {
      schema: {
        summary: 'Create a maintenance window, one-time or recurring',
        tags,
        body: NewMaintenanceWindowBody,
        response: { 201: ref(MaintenanceWindowAnswer) },
      },
      config: { problems: ['maintenance_window_limit_reached'] },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const { ownerId } = request.caller;
        const { startsAt, ...given } = request.body;
        const settings = { monitorId: null, rrule: null, timeZone: 'UTC', ...given, startsAt: new Date(startsAt) };
        const choice = await readMaintenance(tx, ownerId, settings);
        const window = await createMaintenanceWindow(tx, { ownerId, choice, limit: MAX_WINDOWS_PER_USER });
        reply.code(201).header('location', `/v1/maintenance-windows/${window.id}`).header('etag', entityTag(window.version));
        return toMaintenanceAnswer(window);
      }),
  );

  app.patch(
    '/maintenance-windows/:id',
    {
      schema: {
        summary: 'Change a maintenance window',
        description: 'With `If-Match`, changes only the version that you have read: its `ETag`.',
        tags,
        params: IdParams,
        headers: IfMatchHeaders,
        body: MaintenanceWindowPatch,
        response: { 200: ref(MaintenanceWindowAnswer) },
      },
      config: { problems: ['version_mismatch'] },
    },
    async (request, reply) => {
      const { ownerId } = request.caller;
      const { startsAt, ...given } = request.body;
      const window = found(
        await updateMaintenanceWindow(db, {
          ownerId,
          id: request.params.id,
          accepts: (version) => ifMatchAccepts(request.headers['if-match'], version),
          choice: (stored, tx) => {
            const settings = { ...stored, ...given, ...(startsAt !== undefined && { startsAt: new Date(startsAt) }) };
            return readMaintenance(tx, ownerId, settings, stored);
          },
        }),
      );
      reply.header('etag', entityTag(window.version));
      return toMaintenanceAnswer(window);
    },
  );
};
