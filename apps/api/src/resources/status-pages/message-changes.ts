import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { StatusMessageSettings } from '@gomon/domain';
import { createStatusMessage, updateStatusMessage, type Db } from '@gomon/persistence';
import { found, invalid } from '../../problem.ts';
import { IdParams, ref } from '../../schemas/fields.ts';
import {
  MessageParams,
  NewStatusMessage,
  StatusMessageAnswer,
  StatusMessagePatch,
  type StatusMessageBody,
} from './schemas.ts';

const MAX_MESSAGES_PER_PAGE = 500;
const tags = ['status pages'];

export const statusMessageTextRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (
  app,
  { db },
) => {
  app.post(
    '/status-pages/:id/messages',
    {
      schema: {
        summary: 'Post a message on a status page',
        tags,
        params: IdParams,
        body: NewStatusMessage,
        response: { 201: ref(StatusMessageAnswer) },
      },
      config: { problems: ['status_message_limit_reached'] },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const page = { ownerId: request.caller.ownerId, pageId: request.params.id };
        const { title, kind } = request.body;
        const settings = withBody(
          { title, kind, body: '', startsAt: new Date(), endsAt: null },
          request.body,
        );
        const message = found(
          await createStatusMessage(tx, page, { settings, limit: MAX_MESSAGES_PER_PAGE }),
        );
        reply.code(201);
        return message;
      }),
  );

  app.patch(
    '/status-pages/:id/messages/:messageId',
    {
      schema: {
        summary: 'Change or end a message',
        tags,
        params: MessageParams,
        body: StatusMessagePatch,
        response: { 200: ref(StatusMessageAnswer) },
      },
    },
    async (request) => {
      const { id: pageId, messageId } = request.params;
      const page = { ownerId: request.caller.ownerId, pageId };
      return found(
        await updateStatusMessage(db, page, messageId, (stored) => withBody(stored, request.body)),
      );
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
