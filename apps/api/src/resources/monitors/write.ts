import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Monitor } from '@gomon/domain';
import { createMonitor, updateMonitor, type Db, type Queryable } from '@gomon/persistence';
import { created, entityTag, ifMatchAccepts } from '../../http/entity-tag.ts';
import type { SettingsReader } from './settings.ts';
import { found } from '../../problem.ts';
import { IdParams, ref } from '../../schemas/fields.ts';
import { IfMatchHeaders } from '../../schemas/conditional.ts';
import { monitorBodies } from './bodies.ts';
import { validateByKind } from './kind-fields.ts';
import { MonitorAnswer, toMonitorAnswer } from './schemas.ts';

export interface MonitorSettingsRouteOptions {
  readonly db: Db;
  readonly settingsReader: SettingsReader;
  readonly shardCount: number;
  readonly monitorLimit: number;
  readonly minIntervalSeconds: number;
}

const tags = ['monitors'];

export const monitorSettingsRoutes: FastifyPluginAsyncTypebox<MonitorSettingsRouteOptions> = async (
  app,
  options,
) => {
  const { db, settingsReader, shardCount, monitorLimit: limit } = options;
  const { common, NewMonitor, MonitorPatch } = monitorBodies(options.minIntervalSeconds);

  app.post(
    '/monitors',
    {
      schema: {
        summary: 'Add a monitor',
        tags,
        body: NewMonitor,
        response: { 201: ref(MonitorAnswer) },
      },
      validatorCompiler: validateByKind(app, common.NewMonitor),
      config: { problems: ['monitor_limit_reached', 'monitor_name_taken'] },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const owner = { id: randomUUID(), ownerId: request.caller.ownerId };
        const settings = await settingsReader.complete(tx, owner, request.body);
        const monitor = await createMonitor(tx, { ...owner, settings, shardCount, limit });
        created(reply, `/v1/monitors/${monitor.id}`, monitor.version);
        return toMonitorAnswer(monitor);
      }),
  );

  app.patch(
    '/monitors/:id',
    {
      schema: {
        summary: 'Change, pause or resume a monitor',
        description: 'With `If-Match`, changes only the version that you have read: its `ETag`.',
        tags,
        params: IdParams,
        headers: IfMatchHeaders,
        body: MonitorPatch,
        response: { 200: ref(MonitorAnswer) },
      },
      config: { problems: ['monitor_name_taken', 'version_mismatch'] },
    },
    async (request, reply) => {
      const change = {
        ownerId: request.caller.ownerId,
        id: request.params.id,
        accepts: (version: number) => ifMatchAccepts(request.headers['if-match'], version),
        settings: (stored: Monitor, tx: Queryable) =>
          settingsReader.patch(tx, stored, request.body),
      };
      const monitor = found(await updateMonitor(db, change));
      reply.header('etag', entityTag(monitor.version));
      return toMonitorAnswer(monitor);
    },
  );
};
