import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { listChecks, locateMonitor, requestCheck, type Db } from '@gomon/persistence';
import { decodeCursor, toPage } from '../../http/cursor.ts';
import { found, invalid } from '../../problem.ts';
import { CheckAnswer, CheckQuery, CheckRequested, explanationOf } from './schemas.ts';
import { IdParams, pageOf, ref } from '../../schemas/fields.ts';
import { phasesAnswer } from './phases.ts';

const tags = ['checks'];

export const checkRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.post(
    '/monitors/:id/check',
    {
      schema: {
        summary: 'Check a monitor now',
        tags,
        params: IdParams,
        response: { 202: CheckRequested },
      },
      config: { problems: ['monitor_paused'] },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const slot = found(await requestCheck(tx, request.caller.ownerId, request.params.id));
        reply.code(202);
        return { slot };
      }),
  );

  app.get(
    '/monitors/:id/checks',
    {
      schema: {
        summary: "List a monitor's checks, newest first",
        tags,
        params: IdParams,
        querystring: CheckQuery,
        response: { 200: pageOf(ref(CheckAnswer)) },
      },
    },
    async (request) => {
      const { limit, cursor, outcome, ...range } = request.query;
      const list = `checks/${request.params.id}`;
      const before = decodeCursor(list, cursor)?.at;
      const { from, to } = readRange(range);
      const monitor = found(await locateMonitor(db, request.caller.ownerId, request.params.id));
      const checks = await listChecks(db, monitor, { from, to, outcome, before, limit: limit + 1 });
      const items = checks.map((check) => ({
        ...check,
        explanation: explanationOf(check),
        phases: phasesAnswer(check.phases, check.durationMs),
      }));
      return toPage(list, items, limit, ({ slot }) => ({ at: slot, id: monitor.id }));
    },
  );
};

function readRange(range: { from?: string; to?: string }): { from?: Date; to?: Date } {
  const [from, to] = [range.from, range.to].map((text) =>
    text === undefined ? undefined : new Date(text),
  );
  if (from && to && from > to)
    throw invalid([{ pointer: '/from', message: 'must not be after "to"' }]);
  return { from, to };
}
