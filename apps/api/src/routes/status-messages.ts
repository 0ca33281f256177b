import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { StatusMessageSettings } from '@gomon/domain';
import {
  createStatusMessage,
  deleteStatusMessage,
  findStatusPage,
  listStatusMessages,
  updateStatusMessage,
  type Db,
} from '@gomon/persistence';
import Type from 'typebox';
import { decodeCursor, toPage } from '../cursor.ts';
import { found, invalid, notFound } from '../problem.ts';
import { IdParams, pageOf, pageQuery, record, ref } from '../schemas/fields.ts';
import {
  MessageParams,
  NewStatusMessage,
  StatusMessageAnswer,
  StatusMessagePatch,
  type StatusMessageBody,
} from '../schemas/status-page.ts';

const MAX_MESSAGES_PER_PAGE = 500;
const tags = ['status pages'];

export const statusMessageRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.post(
    '/status-pages/:id/messages',
    {
      schema: {
        summary: 'Say something on a status page',
        tags,
        params: IdParams,
        body: NewStatusMessage,
        response: { 201: ref(StatusMessageAnswer) },
      },
      config: { problems: ['status_message_limit_reached'] },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const page = { userId: request.caller.userId, pageId: request.params.id };
        const { title, kind } = request.body;
        const settings = withBody({ title, kind, body: '', startsAt: new Date(), endsAt: null }, request.body);
        const message = found(await createStatusMessage(tx, page, { settings, limit: MAX_MESSAGES_PER_PAGE }));
        reply.code(201);
        return message;
      }),
  );

  app.get(
    '/status-pages/:id/messages',
    {
      schema: {
        summary: 'What was said on a status page, newest first',
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
      const { userId } = request.caller;
      const { id: pageId } = found(await findStatusPage(db, userId, request.params.id));
      const filter = { after: after && { startsAt: after.at, id: after.id }, limit: limit + 1 };
      const messages = await listStatusMessages(db, { userId, pageId }, filter);
      return toPage(list, messages, limit, ({ startsAt, id }) => ({ at: startsAt, id }));
    },
  );

  app.patch(
    '/status-pages/:id/messages/:messageId',
    {
      schema: {
        summary: 'Change or end what was said',
        tags,
        params: MessageParams,
        body: StatusMessagePatch,
        response: { 200: ref(StatusMessageAnswer) },
      },
    },
    async (request) => {
      const { id: pageId, messageId } = request.params;
      const page = { userId: request.caller.userId, pageId };
      return found(await updateStatusMessage(db, page, messageId, (stored) => withBody(stored, request.body)));
    },
  );

  app.delete(
    '/status-pages/:id/messages/:messageId',
    {
      schema: {
        summary: 'Take back what was said',
        tags,
        params: MessageParams,
        response: { 204: Type.Null({ description: 'It is gone.' }) },
      },
    },
    async (request, reply) => {
      const { id: pageId, messageId } = request.params;
      if (!(await deleteStatusMessage(db, { userId: request.caller.userId, pageId }, messageId))) throw notFound();
      return reply.code(204).send(null);
    },
  );
};

function withBody(
  { title, body, kind, startsAt, endsAt }: StatusMessageSettings,
  { startsAt: from, endsAt: to, ...texts }: StatusMessageBody,
): StatusMessageSettings {
  const settings = {
    ...{ title, body, kind, ...texts },
    startsAt: from === undefined ? startsAt : new Date(from),
    endsAt: to === undefined ? endsAt : to === null ? null : new Date(to),
  };
  if (settings.endsAt && settings.endsAt < settings.startsAt) {
    throw invalid([{ pointer: '/endsAt', message: 'must not be before "startsAt"' }]);
  }
  return settings;
}
