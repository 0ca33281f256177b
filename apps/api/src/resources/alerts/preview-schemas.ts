import Type from 'typebox';
import { moment, momentOrNull, record } from '../../schemas/fields.ts';
import { monitorBodies } from '../monitors/bodies.ts';

/** A rule may open an alert at every second check of a week. */
export const MAX_PREVIEWED_ALERTS = 200;

/** For a service with this shortest interval. */
export function alertPreviewBody(minIntervalSeconds: number) {
  const { threshold, windowSeconds } = monitorBodies(minIntervalSeconds).rule;
  return record({
    threshold,
    windowSeconds,
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 7, default: 7 })),
  });
}

export const AlertPreviewAnswer = record(
  {
    from: moment({ description: 'Start of the evaluated slots, exclusive.' }),
    to: moment({ description: 'End of the evaluated slots, inclusive.' }),
    checks: Type.Integer({ description: 'Evaluated successes and failures.' }),
    alertCount: Type.Integer({
      description: 'Total number of alerts that the rule would have opened.',
    }),
    alerts: Type.Array(
      record({
        openedAt: moment(),
        resolvedAt: momentOrNull(),
        failures: Type.Integer({ description: 'Failures in the window when it opened.' }),
      }),
      {
        maxItems: MAX_PREVIEWED_ALERTS,
        description: `The newest ${MAX_PREVIEWED_ALERTS}, oldest first.`,
      },
    ),
  },
  { $id: 'AlertPreview' },
);
