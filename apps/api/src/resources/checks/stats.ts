import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { locateMonitor, readStats, type Db, type Stats } from '@gomon/persistence';
import { found } from '../../problem.ts';
import { IdParams, ref } from '../../schemas/fields.ts';
import { PERIODS, StatsAnswer, StatsQuery } from './stats-schemas.ts';

const tags = ['checks'];

export const statsRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.get(
    '/monitors/:id/stats',
    {
      schema: {
        summary: 'Uptime statistics',
        tags,
        params: IdParams,
        querystring: StatsQuery,
        response: { 200: ref(StatsAnswer) },
      },
    },
    async (request) => {
      const monitor = found(await locateMonitor(db, request.caller.ownerId, request.params.id));
      return toStatsAnswer(
        await readStats(
          db,
          monitor,
          PERIODS[request.query.period],
          request.query.maintenance === 'exclude',
        ),
      );
    },
  );
};

function toStatsAnswer({ avg, p50, p95, p99, ...stats }: Stats) {
  const known = stats.successes + stats.failures;
  return {
    ...stats,
    uptimeRatio: known === 0 ? null : stats.successes / known,
    latencyMs: { avg, p50, p95, p99 },
  };
}
