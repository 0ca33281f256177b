import { CYCLE_LIMITS } from '@gomon/domain';
import { integerOrNull, momentOrNull, numberOrNull, oneOf, record } from '../../schemas/fields.ts';

const limit = (name: keyof typeof CYCLE_LIMITS) => `Fine up to ${CYCLE_LIMITS[name]}.`;

export const StatusAnswer = record(
  {
    status: oneOf(['ok', 'degraded'], {
      description: '`degraded` when any other value is beyond its limit or null.',
    }),
    lastDispatchedAgeSeconds: numberOrNull({
      description: `Time since the newest dispatched slot of the shard that is furthest behind. ${limit('lastDispatchedAgeSeconds')}`,
    }),
    queueAgeSeconds: numberOrNull({
      description: `Time since the slot of the check that has waited longest for a prober; 0 when none waits. ${limit('queueAgeSeconds')}`,
    }),
    ingestDelaySeconds: numberOrNull({
      description: `Time since the probe whose result has waited longest to be stored; 0 when none waits. ${limit('ingestDelaySeconds')}`,
    }),
    probersSeen: integerOrNull({
      description: "Probers that reach the queue and their targets' network. One is enough.",
    }),
    checksExpired: integerOrNull({
      description:
        'Checks of the last two minutes that did not run because no prober took them in time. If there are any, add probers or raise PROBER_CONCURRENCY.',
    }),
    checkedAt: momentOrNull({
      description:
        'When a scheduler last read the queue; its values are null when that is over half a minute ago.',
    }),
  },
  { $id: 'Status' },
);
