import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { confirmAddress, findChannel } from '@gomon/persistence';
import { found } from '../../problem.ts';
import { ChannelAnswer, ConfirmationBody } from './schemas.ts';
import { IdParams, ref } from '../../schemas/fields.ts';
import { toChannelAnswer } from './read.ts';

export const confirmationRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/channels/:id/confirm',
    {
      schema: {
        summary: 'Confirm an address of a channel by email',
        description:
          'With the code that was mailed to the address. It is confirmed for all of your channels.',
        tags: ['channels'],
        params: IdParams,
        body: ConfirmationBody,
        response: { 200: ref(ChannelAnswer) },
      },
      config: { problems: ['wrong_code'] },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const { ownerId } = request.caller;
        const { id } = request.params;
        found(await findChannel(tx, ownerId, id));
        await confirmAddress(tx, ownerId, id, request.body.code);
        return toChannelAnswer(found(await findChannel(tx, ownerId, id)));
      }),
  );
};
