import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { acknowledgeAlert, listAlerts, locateMonitor, type Db } from '@gomon/persistence';
import type { Static } from 'typebox';
import { decodeCursor, toPage } from '../../http/cursor.ts';
import { found } from '../../problem.ts';
import { AlertAnswer, AlertQuery, toAlertAnswer } from './schemas.ts';
import { IdParams, pageOf, ref } from '../../schemas/fields.ts';

const tags = ['alerts'];

export const alertRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.get(
    '/alerts',
    {
      schema: {
        summary: 'List your alerts, newest first',
        tags,
        querystring: AlertQuery,
        response: { 200: pageOf(ref(AlertAnswer)) },
      },
    },
    async (request) => readPage(db, request.caller.ownerId, request.query),
  );

  app.get(
    '/monitors/:id/alerts',
    {
      schema: {
        summary: "List a monitor's alerts, newest first",
        tags,
        params: IdParams,
        querystring: AlertQuery,
        response: { 200: pageOf(ref(AlertAnswer)) },
      },
    },
    async (request) => {
      const monitor = found(await locateMonitor(db, request.caller.ownerId, request.params.id));
      return readPage(db, request.caller.ownerId, request.query, monitor.id);
    },
  );

  app.post(
    '/alerts/:id/acknowledge',
    {
      schema: {
        summary: 'Acknowledge an alert',
        tags,
        params: IdParams,
        response: { 200: ref(AlertAnswer) },
      },
    },
    async (request, reply) =>
      reply.once(async (tx) =>
        toAlertAnswer(found(await acknowledgeAlert(tx, request.caller.ownerId, request.params.id))),
      ),
  );
};

async function readPage(
  db: Db,
  ownerId: string,
  { limit, cursor, state }: Static<typeof AlertQuery>,
  monitorId?: string,
) {
  const list = `alerts/${monitorId ?? ''}`;
  const after = decodeCursor(list, cursor);
  const alerts = await listAlerts(db, ownerId, {
    monitorId,
    state,
    after: after && { openedAt: after.at, id: after.id },
    limit: limit + 1,
  });
  const page = toPage(list, alerts, limit, ({ openedAt, id }) => ({ at: openedAt, id }));
  return { ...page, items: page.items.map(toAlertAnswer) };
}
