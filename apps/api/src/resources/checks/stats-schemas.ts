import Type from 'typebox';
import { moment, numberOrNull, oneOf, record } from '../../schemas/fields.ts';

/** The available periods, in seconds. */
export const PERIODS = { '1h': 3600, '24h': 86_400, '7d': 604_800, '30d': 2_592_000 } as const;

export const StatsQuery = record({
  period: oneOf(Object.keys(PERIODS) as (keyof typeof PERIODS)[], { default: '24h' }),
  maintenance: oneOf(['include', 'exclude'], {
    default: 'include',
    description: 'Whether checks in maintenance windows count.',
  }),
});

export const StatsAnswer = record(
  {
    from: moment({ description: 'Start of the counted slots, exclusive.' }),
    to: moment({ description: 'End of the counted slots, inclusive.' }),
    successes: Type.Integer(),
    failures: Type.Integer(),
    unknown: Type.Integer({ description: 'Checks that say nothing about the target.' }),
    uptimeRatio: numberOrNull({
      description: 'Successes among successes and failures, 0 to 1; null without any.',
    }),
    latencyMs: record(
      { avg: numberOrNull(), p50: numberOrNull(), p95: numberOrNull(), p99: numberOrNull() },
      {
        description:
          'Of the successes; null without any. Percentiles are exact for 1h; for longer periods they are exact below 32 ms, otherwise off by at most 1/32.',
      },
    ),
  },
  { $id: 'Stats' },
);
