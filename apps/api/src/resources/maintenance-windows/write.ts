import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { createMaintenanceWindow, updateMaintenanceWindow, type Db } from '@gomon/persistence';
import { created, entityTag, ifMatchAccepts } from '../../http/entity-tag.ts';
import { readMaintenance } from './settings.ts';
import { found } from '../../problem.ts';
import { IfMatchHeaders } from '../../schemas/conditional.ts';
import { IdParams, ref } from '../../schemas/fields.ts';
import {
  MaintenanceWindowAnswer,
  MaintenanceWindowPatch,
  NewMaintenanceWindowBody,
} from './schemas.ts';
import { toMaintenanceAnswer } from './read.ts';

const MAX_WINDOWS_PER_USER = 50;
const tags = ['maintenance'];

const postMaintenanceWindowsSchema = {
  summary: 'Create a maintenance window, one-time or recurring',
  tags,
  body: NewMaintenanceWindowBody,
  response: { 201: ref(MaintenanceWindowAnswer) },
};

const patchMaintenanceWindowsIdSchema = {
  summary: 'Change a maintenance window',
  description: 'With `If-Match`, changes only the version that you have read: its `ETag`.',
  tags,
  params: IdParams,
  headers: IfMatchHeaders,
  body: MaintenanceWindowPatch,
  response: { 200: ref(MaintenanceWindowAnswer) },
};

const DEFAULTS = { monitorId: null, rrule: null, timeZone: 'UTC' };

export const maintenanceSettingsRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (
  app,
  { db },
) => {
  app.post(
    '/maintenance-windows',
    {
      schema: postMaintenanceWindowsSchema,
      config: { problems: ['maintenance_window_limit_reached'] },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const { ownerId } = request.caller;
        const { startsAt, ...given } = request.body;
        const settings = { ...DEFAULTS, ...given, startsAt: new Date(startsAt) };
        const choice = await readMaintenance(tx, ownerId, settings);
        const window = await createMaintenanceWindow(tx, {
          ownerId,
          choice,
          limit: MAX_WINDOWS_PER_USER,
        });
        created(reply, `/v1/maintenance-windows/${window.id}`, window.version);
        return toMaintenanceAnswer(window);
      }),
  );

  app.patch(
    '/maintenance-windows/:id',
    {
      schema: patchMaintenanceWindowsIdSchema,
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
            const settings = {
              ...stored,
              ...given,
              ...(startsAt !== undefined && { startsAt: new Date(startsAt) }),
            };
            return readMaintenance(tx, ownerId, settings, stored);
          },
        }),
      );
      reply.header('etag', entityTag(window.version));
      return toMaintenanceAnswer(window);
    },
  );
};
