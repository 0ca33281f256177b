import Type from 'typebox';
import { moment, momentOrNull, record } from '../../schemas/fields.ts';
import { monitorBodies } from '../monitors/bodies.ts';

/** A rule may open one at every second check of a week. */
export const MAX_PREVIEWED_ALERTS = 200;

/** For a service with this shortest interval. */
export function alertPreviewBody(minIntervalSeconds: number) {
  const { threshold, windowSeconds } = monitorBodies(minIntervalSeconds).rule;
  return record({ threshold, windowSeconds, days: Type.Optional(Type.Integer({ minimum: 1, maximum: 7, default: 7 })) });
}

export const AlertPreviewAnswer = record(
  {
    from: moment({ description: 'Slots after this moment were looked at.' }),
    to: moment({ description: 'Slots up to this moment were looked at.' }),
    checks: Type.Integer({ description: 'Successes and failures among them.' }),
    alertCount: Type.Integer({ description: 'Alerts that the rule would have opened, all of them.' }),
    alerts: Type.Array(
      record({
        openedAt: moment(),
        resolvedAt: momentOrNull(),
        failures: Type.Integer({ description: 'In the window, when it opened.' }),
      }),
      { maxItems: MAX_PREVIEWED_ALERTS, description: `The newest ${MAX_PREVIEWED_ALERTS}, oldest first.` },
    ),
  },
  { $id: 'AlertPreview' },
);
