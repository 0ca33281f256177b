import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NOTIFICATION_FIELD } from '@gomon/domain';
import {
  addTestNotifications,
  countSendingRequest,
  findDelivery,
  redeliver,
  type Db,
  type Delivery,
} from '@gomon/persistence';
import type { FastifyRequest } from 'fastify';
import { found, notFound, Problem, rateLimited } from '../../problem.ts';
import { DeliveryAnswer } from './schemas.ts';
import { IdParams, ref } from '../../schemas/fields.ts';
import { toDeliveryAnswer } from './deliveries.ts';

const tags = ['channels'];
/** Longer than a receiver may take, shorter than a request may. */
const TEST_DEADLINE_MS = 12_000;
const POLL_MS = 200;
/** What is asked for goes to whom its sender named, who may never have asked for any. */
const ASKED_PER_MINUTE = 10;

/** What is sent, the scheduler sends; here it is asked for. */
export const sendingRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  /** Throws `rate_limited`, and `insufficient_scope` for a notification that would have another one sent, and so on for ever. */
  const admit = async ({ headers, caller }: FastifyRequest) => {
    if (NOTIFICATION_FIELD in headers)
      throw new Problem('insufficient_scope', 'A notification cannot have another one sent.');
    const waitSeconds = await countSendingRequest(db, caller.userId, ASKED_PER_MINUTE);
    if (waitSeconds > 0)
      throw rateLimited(`Too much to be sent. The next is sent in ${waitSeconds} s.`, waitSeconds);
  };

  app.post(
    '/channels/:id/test',
    {
      schema: {
        summary: 'Send a marked test by a channel',
        description:
          'Answers how the first attempt ended; `pending` without an attempt that has ended means that none did in 12 seconds. Where a channel has several addresses, each gets a test, and the answer is the worst of them. Ten a minute, with what is sent again.',
        tags,
        params: IdParams,
        response: { 200: ref(DeliveryAnswer) },
      },
      config: { problems: ['channel_disabled'] },
    },
    async (request, reply) => {
      await admit(request);
      const { ownerId } = request.caller;
      const added: unknown = await reply.once(async (tx) => {
        const deliveries = await addTestNotifications(tx, ownerId, request.params.id);
        if (deliveries.length === 0) throw notFound();
        return JSON.stringify(deliveries.map(({ id }) => id));
      });
      const ended = await firstAttempts(db, ownerId, JSON.parse(String(added)) as string[]);
      return toDeliveryAnswer(found(worstOf(ended)));
    },
  );

  app.post(
    '/notifications/:id/redeliver',
    {
      schema: {
        summary: 'Send a notification again',
        description:
          'From now on, with the same id and content, whether it was delivered, is dead or waits for its next attempt. Ten a minute, with tests.',
        tags,
        params: IdParams,
        response: { 202: ref(DeliveryAnswer) },
      },
      config: { problems: ['channel_disabled'] },
    },
    async (request, reply) => {
      await admit(request);
      return reply.once(async (tx) => {
        const delivery = found(await redeliver(tx, request.caller.userId, request.params.id));
        reply.code(202);
        return toDeliveryAnswer(delivery);
      });
    },
  );
};

/** The deliveries when each has an attempt that ended, or when that has taken too long. */
async function firstAttempts(db: Db, ownerId: string, ids: readonly string[]): Promise<Delivery[]> {
  const deadline = performance.now() + TEST_DEADLINE_MS;
  return (await Promise.all(ids.map((id) => firstAttempt(db, ownerId, id, deadline)))).filter(
    (delivery) => delivery !== null,
  );
}

async function firstAttempt(
  db: Db,
  ownerId: string,
  id: string,
  deadline: number,
): Promise<Delivery | null> {
  for (; ; await delay(POLL_MS)) {
    const delivery = await findDelivery(db, ownerId, id);
    if (!delivery || delivery.status !== 'pending' || performance.now() > deadline) return delivery;
    // A delivery is read before its attempts: it may have ended in between.
    if (delivery.attempts.some(({ durationMs }) => durationMs !== null))
      return findDelivery(db, ownerId, id);
  }
}

/** One that failed before one that has not ended, and that before one that was delivered. */
function worstOf(deliveries: readonly Delivery[]): Delivery | null {
  const badness = ({ status, attempts }: Delivery) => {
    if (status === 'delivered') return 0;
    return status !== 'pending' || attempts.some(({ error }) => error !== null) ? 2 : 1;
  };
  return deliveries.toSorted((one, other) => badness(other) - badness(one))[0] ?? null;
}
