import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { locateMonitor, readLatency, type Db } from '@gomon/persistence';
import { found } from '../../problem.ts';
import { IdParams, ref } from '../../schemas/fields.ts';
import { BUCKETS, LatencyAnswer, LatencyQuery } from './latency-schemas.ts';
import { phasesAnswer } from './phases.ts';
import { PERIODS } from './stats-schemas.ts';

export const latencyRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.get(
    '/monitors/:id/latency',
    {
      schema: {
        summary: 'Response times for a chart',
        tags: ['checks'],
        params: IdParams,
        querystring: LatencyQuery,
        response: { 200: ref(LatencyAnswer) },
      },
    },
    async (request) => {
      const { period } = request.query;
      const bucketSeconds = BUCKETS[period];
      const monitor = found(await locateMonitor(db, request.caller.ownerId, request.params.id));
      const points = await readLatency(db, monitor, PERIODS[period], bucketSeconds);
      return {
        period,
        bucketSeconds,
        points: points.map(({ avgMs, phases, ...point }) => ({
          ...point,
          phases: phasesAnswer(phases, avgMs),
        })),
      };
    },
  );
};
