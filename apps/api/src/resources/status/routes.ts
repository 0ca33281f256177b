import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { checksExpire, cyclesEndInTime } from '@gomon/domain';
import { readStatus, type Db } from '@gomon/persistence';
import { ref } from '../../schemas/fields.ts';
import { StatusAnswer } from './schemas.ts';

export const statusRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.get(
    '/status',
    {
      schema: {
        summary: 'Whether checks run in time',
        tags: ['service'],
        response: { 200: ref(StatusAnswer) },
      },
      config: { public: true },
    },
    async () => {
      const reading = await readStatus(db);
      const isWell = cyclesEndInTime(reading) && !checksExpire(reading);
      return { status: isWell ? ('ok' as const) : ('degraded' as const), ...reading };
    },
  );
};
