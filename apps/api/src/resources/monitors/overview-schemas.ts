import { FAILURE_REASONS, MONITOR_STATUSES, OUTCOMES, UNKNOWN_REASONS } from '@gomon/domain';
import type { MonitorOverview } from '@gomon/persistence';
import Type, { type Static } from 'typebox';
import {
  integerOrNull,
  moment,
  numberOrNull,
  oneOf,
  oneOfOrNull,
  pageOf,
  pageQuery,
  record,
  ref,
} from '../../schemas/fields.ts';
import { MonitorAnswer, STATUS_DESCRIPTION, toMonitorAnswer } from './schemas.ts';

const RecentCheckAnswer = record({
  slot: moment(),
  outcome: oneOf(OUTCOMES),
  durationMs: integerOrNull(),
  reason: oneOfOrNull([...FAILURE_REASONS, ...UNKNOWN_REASONS]),
});

export const MonitorOverviewAnswer = record(
  {
    ...MonitorAnswer.properties,
    standing: oneOf(MONITOR_STATUSES, {
      description: `The same as \`state.status\`. ${STATUS_DESCRIPTION}`,
    }),
    recentChecks: Type.Array(RecentCheckAnswer, {
      description: 'At most the last 40, oldest first.',
    }),
    uptime24h: numberOrNull({
      description: 'Successes among successes and failures, 0 to 1; null without any.',
    }),
    p95Ms24h: numberOrNull({ description: 'Of the successes; null without any.' }),
    openAlertId: Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uuid' }),
  },
  { $id: 'MonitorOverview' },
);

const totals = Object.fromEntries(
  MONITOR_STATUSES.map((status) => [status, Type.Integer()]),
) as Record<(typeof MONITOR_STATUSES)[number], ReturnType<typeof Type.Integer>>;

export const OverviewAnswer = record({
  ...pageOf(ref(MonitorOverviewAnswer)).properties,
  totals: record(totals, {
    description:
      'Number of your monitors by status, among those that match `q` and `tag`; a few seconds old.',
  }),
});

export const OverviewQuery = record({
  ...pageQuery,
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      format: 'line',
      description: 'Part of the name or target, ignoring case.',
    }),
  ),
  state: Type.Optional(oneOf(MONITOR_STATUSES)),
  tag: Type.Optional(Type.String({ minLength: 1, maxLength: 40, format: 'line' })),
});

export const TagsAnswer = record({
  items: Type.Array(record({ tag: Type.String(), monitors: Type.Integer() }), {
    description: 'At most a thousand.',
  }),
});

export function toOverviewAnswer(monitor: MonitorOverview): Static<typeof MonitorOverviewAnswer> {
  const { status, recentChecks, uptime24h, p95Ms24h, openAlertId } = monitor;
  return {
    ...toMonitorAnswer(monitor),
    standing: status,
    recentChecks: [...recentChecks],
    uptime24h,
    p95Ms24h,
    openAlertId,
  };
}
