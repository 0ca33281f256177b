import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  countStatuses,
  listOverview,
  listTags,
  type Db,
  type MonitorSelection,
} from '@gomon/persistence';
import { createCache } from '../../http/cache.ts';
import { decodeCursor, toPage } from '../../http/cursor.ts';
import { OverviewAnswer, OverviewQuery, TagsAnswer, toOverviewAnswer } from './overview-schemas.ts';

const LIST = 'overview';
const tags = ['monitors'];

/** Counting reads every monitor of the user: not for every page and every tab. */
const TOTALS = { ttlMs: 2000, maxKeys: 1000 };

export const overviewRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  const totalsOf = createCache({ ...TOTALS, now: () => performance.now() }, (key) => {
    const { ownerId, ...selection } = JSON.parse(key) as MonitorSelection & { ownerId: string };
    return countStatuses(db, ownerId, selection);
  });

  app.get(
    '/monitors/overview',
    {
      schema: {
        summary: 'List your monitors with recent results, oldest first',
        description: 'Each with its last checks and figures for 24 hours, in one request.',
        tags,
        querystring: OverviewQuery,
        response: { 200: OverviewAnswer },
      },
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const { ownerId } = request.caller;
      const after = decodeCursor(LIST, cursor);
      const [monitors, totals] = await Promise.all([
        listOverview(db, ownerId, {
          ...filter,
          after: after && { createdAt: after.at, id: after.id },
          limit: limit + 1,
        }),
        totalsOf(JSON.stringify({ ownerId, q: filter.q, tag: filter.tag })),
      ]);
      const page = toPage(LIST, monitors.map(toOverviewAnswer), limit, ({ createdAt, id }) => ({
        at: createdAt,
        id,
      }));
      return { ...page, totals };
    },
  );

  app.get(
    '/tags',
    {
      schema: {
        summary: "List your monitors' tags, most used first",
        tags,
        response: { 200: TagsAnswer },
      },
    },
    async (request) => ({ items: await listTags(db, request.caller.ownerId) }),
  );
};
