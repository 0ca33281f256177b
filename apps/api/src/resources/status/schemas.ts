import { CYCLE_LIMITS } from '@gomon/domain';
import { integerOrNull, momentOrNull, numberOrNull, oneOf, record } from '../../schemas/fields.ts';

const limit = (name: keyof typeof CYCLE_LIMITS) => `Up to ${CYCLE_LIMITS[name]} is well.`;

export const StatusAnswer = record(
  {
    status: oneOf(['ok', 'degraded'], { description: '`degraded` when any of the others is not well, or is null.' }),
    lastDispatchedAgeSeconds: numberOrNull({
      description: `Since the newest dispatched slot of the shard that is furthest behind. ${limit('lastDispatchedAgeSeconds')}`,
    }),
    queueAgeSeconds: numberOrNull({
      description: `Since the slot of the check that has waited longest for a prober; 0 when none waits. ${limit('queueAgeSeconds')}`,
    }),
    ingestDelaySeconds: numberOrNull({
      description: `Since the probe whose result has waited longest to be stored; 0 when none waits. ${limit('ingestDelaySeconds')}`,
    }),
    probersSeen: integerOrNull({
      description: 'Probers that reach the queue and do not find themselves cut off from their targets. One is well.',
    }),
    checksExpired: integerOrNull({
      description:
        'Checks of the last two minutes that were not done because no prober came to them in time. Where there are any, more probers are needed, or a higher PROBER_CONCURRENCY.',
    }),
    checkedAt: momentOrNull({
      description: 'When a scheduler last looked at the queue; what it saw there is null when that is half a minute ago.',
    }),
  },
  { $id: 'Status' },
);
