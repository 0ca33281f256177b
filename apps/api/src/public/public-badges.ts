import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  findBadgeMonitor,
  readStats,
  type Db,
  type PublicMonitor,
  type Stats,
} from '@gomon/persistence';
import Type from 'typebox';
import { badgeSvg, type Badge, type BadgeColor } from './badge-svg.ts';
import { createCache } from '../http/cache.ts';
import { notFound } from '../problem.ts';
import { stateOf, type PublicState } from './public-condition.ts';
import { record } from '../schemas/fields.ts';
import { PERIODS, StatsQuery } from '../resources/checks/stats-schemas.ts';
import { percent } from './status-html.ts';
import { createSemaphore } from '../http/semaphore.ts';

const FRESH_SECONDS = 30;
const CACHE = { ttlMs: FRESH_SECONDS * 1000, maxKeys: 2000 };
const READERS = { places: 4, queue: 200 };
const BadgeParams = record({ token: Type.String({ pattern: '^[\\w-]{24}$' }) });

/**
 * A monitor's status for anyone with its token. Crowds are served from memory, so their requests
 * count for no limit; wrong guesses do.
 */
export const publicBadgeRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  const now = () => performance.now();
  const semaphore = createSemaphore(READERS);
  const badges = createCache<Badge>({ ...CACHE, now }, (key) => {
    const [token = '', period = ''] = key.split(' ');
    return semaphore(async () => {
      const monitor = await findBadgeMonitor(db, token);
      if (!monitor) throw notFound();
      if (period === '') return stateBadge(monitor);
      const [name, of] = period.split('/') as ['uptime' | 'latency', keyof typeof PERIODS];
      const stats = await readStats(db, monitor, PERIODS[of]);
      return name === 'uptime' ? uptimeBadge(of, stats) : latencyBadge(of, stats);
    });
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cross-origin-resource-policy', 'cross-origin');
  });
  const schema = { hide: true, params: BadgeParams };
  const config = { public: true, freeWhenFound: true };
  const KEPT = { 'cache-control': `public, max-age=${FRESH_SECONDS}` };

  app.get('/badges/:token/state.svg', { schema, config }, async (request, reply) => {
    const badge = await badges(request.params.token);
    return reply.headers(KEPT).type(SVG).send(badgeSvg(badge));
  });

  for (const name of ['uptime', 'latency'] as const) {
    app.get(
      `/badges/:token/${name}.svg`,
      { schema: { ...schema, querystring: StatsQuery }, config },
      async (request, reply) => {
        const badge = await badges(`${request.params.token} ${name}/${request.query.period}`);
        return reply.headers(KEPT).type(SVG).send(badgeSvg(badge));
      },
    );
  }

  app.get('/badges/:token/state.json', { schema, config }, async (request, reply) => {
    const { label, value, color } = await badges(request.params.token);
    const shield = {
      schemaVersion: 1,
      label,
      message: value,
      color: SHIELDS[color],
      isError: color === 'red',
    };
    return reply.headers(KEPT).send({ ...shield, cacheSeconds: FRESH_SECONDS });
  });
};

const SVG = 'image/svg+xml; charset=utf-8';
const SHIELDS = {
  green: 'brightgreen',
  amber: 'yellow',
  red: 'red',
  blue: 'blue',
  grey: 'lightgrey',
} as const;

const STATE_BADGES = {
  up: ['up', 'green'],
  degraded: ['down', 'red'],
  down: ['down', 'red'],
  stale: ['unknown', 'grey'],
  pending: ['no data', 'grey'],
  maintenance: ['maintenance', 'blue'],
  paused: ['paused', 'grey'],
} as const satisfies Record<PublicState, readonly [string, BadgeColor]>;

function stateBadge(monitor: PublicMonitor): Badge {
  const [value, color] = STATE_BADGES[stateOf(monitor)];
  return { label: 'status', value, color };
}

function uptimeBadge(period: string, { successes, failures }: Stats): Badge {
  const label = `uptime ${period}`;
  if (successes + failures === 0) return { label, value: 'no data', color: 'grey' };
  const ratio = successes / (successes + failures);
  return {
    label,
    value: percent(ratio),
    color: ratio >= 0.99 ? 'green' : ratio >= 0.95 ? 'amber' : 'red',
  };
}

function latencyBadge(period: string, { p95 }: Stats): Badge {
  const label = `p95 ${period}`;
  return p95 === null
    ? { label, value: 'no data', color: 'grey' }
    : { label, value: `${Math.round(p95)} ms`, color: 'blue' };
}
