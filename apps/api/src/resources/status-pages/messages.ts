import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  deleteStatusMessage,
  findStatusPage,
  listStatusMessages,
  type Db,
} from '@gomon/persistence';
import Type from 'typebox';
import { decodeCursor, toPage } from '../../http/cursor.ts';
import { found, notFound } from '../../problem.ts';
import { IdParams, pageOf, pageQuery, record, ref } from '../../schemas/fields.ts';
import { MessageParams, StatusMessageAnswer } from './schemas.ts';

const tags = ['status pages'];

export const statusMessageRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.get(
    '/status-pages/:id/messages',
    {
      schema: {
        summary: "List a status page's messages, newest first",
        tags,
        params: IdParams,
        querystring: record(pageQuery),
        response: { 200: pageOf(ref(StatusMessageAnswer)) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const list = `messages/${request.params.id}`;
      const after = decodeCursor(list, cursor);
      const { ownerId } = request.caller;
      const { id: pageId } = found(await findStatusPage(db, ownerId, request.params.id));
      const filter = { after: after && { startsAt: after.at, id: after.id }, limit: limit + 1 };
      const messages = await listStatusMessages(db, { ownerId, pageId }, filter);
      return toPage(list, messages, limit, ({ startsAt, id }) => ({ at: startsAt, id }));
    },
  );

  app.delete(
    '/status-pages/:id/messages/:messageId',
    {
      schema: {
        summary: 'Delete a message',
        tags,
        params: MessageParams,
        response: { 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    async (request, reply) => {
      const { id: pageId, messageId } = request.params;
      if (!(await deleteStatusMessage(db, { ownerId: request.caller.ownerId, pageId }, messageId)))
        throw notFound();
      return reply.code(204).send(null);
    },
  );
};
