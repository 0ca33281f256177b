import Type from 'typebox';
import { integerOrNull, moment, oneOf, record } from '../../schemas/fields.ts';
import { phasesOrNull } from './phases.ts';
import { PERIODS } from './stats-schemas.ts';

/** The width of each period's buckets in seconds: a chart shows about a hundred. */
export const BUCKETS = {
  '1h': 60,
  '24h': 900,
  '7d': 7200,
  '30d': 21_600,
} as const satisfies Record<keyof typeof PERIODS, number>;

const period = (notes = {}) => oneOf(Object.keys(PERIODS) as (keyof typeof PERIODS)[], notes);

export const LatencyQuery = record({ period: period({ default: '24h' }) });

const LatencyPoint = record({
  at: moment({ description: 'Start of the bucket.' }),
  count: Type.Integer({ description: 'Successes and failures.' }),
  failures: Type.Integer(),
  p50Ms: integerOrNull({
    description: 'Of the successes, like the other percentiles; null without successes.',
  }),
  p95Ms: integerOrNull(),
  p99Ms: integerOrNull(),
  phases: phasesOrNull({ description: 'Means of the successes; null where not measured.' }),
});

export const LatencyAnswer = record(
  {
    period: period(),
    bucketSeconds: Type.Integer(),
    points: Type.Array(LatencyPoint, {
      description: 'Oldest first; buckets without checks are omitted.',
    }),
  },
  { $id: 'Latency' },
);
