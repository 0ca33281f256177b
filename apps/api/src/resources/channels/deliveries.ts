import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { findChannel, listDeliveries, type Db, type Delivery } from '@gomon/persistence';
import type { Static } from 'typebox';
import { decodeCursor, toPage } from '../../http/cursor.ts';
import { found } from '../../problem.ts';
import { DeliveryAnswer, DeliveryQuery } from './schemas.ts';
import { IdParams, pageOf, ref } from '../../schemas/fields.ts';

const tags = ['channels'];

export const deliveryRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.get(
    '/channels/:id/deliveries',
    {
      schema: {
        summary: 'List what a channel sent and will send, newest first, with every attempt',
        tags,
        params: IdParams,
        querystring: DeliveryQuery,
        response: { 200: pageOf(ref(DeliveryAnswer)) },
      },
    },
    async (request) => {
      const channel = found(await findChannel(db, request.caller.ownerId, request.params.id));
      const { limit, cursor, status } = request.query;
      const list = `deliveries/${channel.id}`;
      const after = decodeCursor(list, cursor);
      const filter = {
        channelId: channel.id,
        status,
        after: after && { createdAt: after.at, id: after.id },
        limit: limit + 1,
      };
      const deliveries = await listDeliveries(db, filter);
      return toPage(list, deliveries.map(toDeliveryAnswer), limit, ({ createdAt, id }) => ({
        at: createdAt,
        id,
      }));
    },
  );
};

export function toDeliveryAnswer(delivery: Delivery): Static<typeof DeliveryAnswer> {
  return { ...delivery, attempts: [...delivery.attempts] };
}
