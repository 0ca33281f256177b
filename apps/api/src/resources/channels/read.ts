import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ConfiguredChannel } from '@gomon/channels';
import { deleteChannel, findChannel, listChannels, type Db } from '@gomon/persistence';
import Type, { type Static } from 'typebox';
import { shownSettings } from './settings.ts';
import { decodeCursor, toPage } from '../../http/cursor.ts';
import { entityTag } from '../../http/entity-tag.ts';
import { found, notFound } from '../../problem.ts';
import { ChannelAnswer } from './schemas.ts';
import { IdParams, pageOf, pageQuery, record, ref } from '../../schemas/fields.ts';

const LIST = 'channels';
const tags = ['channels'];

export const channelRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.get(
    '/channels',
    {
      schema: {
        summary: 'Your channels, oldest first',
        tags,
        querystring: record(pageQuery),
        response: { 200: pageOf(ref(ChannelAnswer)) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, cursor);
      const filter = { after: after && { createdAt: after.at, id: after.id }, limit: limit + 1 };
      const channels = await listChannels(db, request.caller.ownerId, filter);
      return toPage(LIST, channels.map(toChannelAnswer), limit, ({ createdAt, id }) => ({
        at: createdAt,
        id,
      }));
    },
  );

  app.get(
    '/channels/:id',
    {
      schema: {
        summary: 'One channel',
        tags,
        params: IdParams,
        response: { 200: ref(ChannelAnswer) },
      },
    },
    async (request, reply) => {
      const channel = found(await findChannel(db, request.caller.ownerId, request.params.id));
      reply.header('etag', entityTag(channel.version));
      return toChannelAnswer(channel);
    },
  );

  app.delete(
    '/channels/:id',
    {
      schema: {
        summary: 'Remove a channel with its deliveries',
        tags,
        params: IdParams,
        response: { 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    async (request, reply) => {
      if (!(await deleteChannel(db, request.caller.ownerId, request.params.id))) throw notFound();
      return reply.code(204).send(null);
    },
  );
};

export function toChannelAnswer(stored: ConfiguredChannel): Static<typeof ChannelAnswer> {
  const {
    id,
    kind,
    name,
    enabled,
    disabledReason,
    isDefault,
    remindEverySeconds,
    unconfirmed,
    createdAt,
    updatedAt,
  } = stored;
  return {
    id,
    kind,
    name,
    settings: shownSettings(stored),
    enabled,
    disabledReason,
    default: isDefault,
    remindEverySeconds,
    unconfirmed: [...unconfirmed],
    createdAt,
    updatedAt,
  };
}
