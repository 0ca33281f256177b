import { ALERT_ENDS, FAILURE_REASONS } from '@gomon/domain';
import Type, { type Static } from 'typebox';
import { Id, integerOrNull, moment, momentOrNull, oneOf, oneOfOrNull, pageQuery, record } from './fields.ts';

const FailedCheckAnswer = record({
  slot: moment(),
  statusCode: integerOrNull(),
  reason: oneOfOrNull(FAILURE_REASONS),
});

function failedCheckOrNull(description: string) {
  return Type.Unsafe<Static<typeof FailedCheckAnswer> | null>({ ...FailedCheckAnswer, type: ['object', 'null'], description });
}

export const AlertAnswer = record(
  {
    id: Id,
    monitorId: Id,
    openedAt: moment({ description: 'The slot whose check opened the alert.' }),
    resolvedAt: momentOrNull({
      description: 'The slot whose check resolved it, or the moment of `endedBy`; null while it is open.',
    }),
    endedBy: oneOfOrNull(ALERT_ENDS, {
      description:
        'What ended it although no check saw the target recover: its monitor was paused. Null when a check resolved it.',
    }),
    openedBy: failedCheckOrNull('The failed check that opened it; null where it is not known any more.'),
    lastFailure: failedCheckOrNull('The last failed check before its end; of an open alert, the last so far.'),
    acknowledgedAt: momentOrNull(),
    failures: Type.Integer({ description: 'In the window, when it opened.' }),
    threshold: Type.Integer(),
    windowSeconds: Type.Integer(),
  },
  { $id: 'Alert' },
);

export const AlertQuery = record({ ...pageQuery, state: Type.Optional(oneOf(['open', 'resolved'])) });
