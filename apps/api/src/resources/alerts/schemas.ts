import { ALERT_ENDS, CAUSES, FAILURE_REASONS, type Alert, type FailedCheck } from '@gomon/domain';
import Type, { type Static } from 'typebox';
import {
  Id,
  integerOrNull,
  moment,
  momentOrNull,
  oneOf,
  oneOfOrNull,
  pageQuery,
  record,
  textOrNull,
} from '../../schemas/fields.ts';
import { explanationOf } from '../checks/schemas.ts';

const FailedCheckAnswer = record({
  slot: moment(),
  statusCode: integerOrNull(),
  reason: oneOfOrNull(FAILURE_REASONS),
  cause: oneOfOrNull(CAUSES, { description: 'Cause in detail; null when unknown.' }),
  causeDetail: textOrNull({
    description: 'Details of the cause, such as the names in a certificate.',
  }),
  explanation: textOrNull({ description: 'Reason and cause in words.' }),
});

function failedCheckOrNull(description: string) {
  return Type.Unsafe<Static<typeof FailedCheckAnswer> | null>({
    ...FailedCheckAnswer,
    type: ['object', 'null'],
    description,
  });
}

export const AlertAnswer = record(
  {
    id: Id,
    monitorId: Id,
    openedAt: moment({ description: 'Slot of the check that opened the alert.' }),
    resolvedAt: momentOrNull({
      description:
        'Slot of the check that resolved it, or the time of `endedBy`; null while it is open.',
    }),
    endedBy: oneOfOrNull(ALERT_ENDS, {
      description:
        'Why it ended without a successful check: its monitor was paused or deleted. Null when a check resolved it.',
    }),
    openedBy: failedCheckOrNull('The failed check that opened it; null when no longer known.'),
    lastFailure: failedCheckOrNull('The last failed check before its end, or so far.'),
    acknowledgedAt: momentOrNull(),
    failures: Type.Integer({ description: 'Failures in the window when it opened.' }),
    threshold: Type.Integer(),
    windowSeconds: Type.Integer(),
  },
  { $id: 'Alert' },
);

export const AlertQuery = record({
  ...pageQuery,
  state: Type.Optional(oneOf(['open', 'resolved'])),
});

export function toAlertAnswer({
  openedBy,
  lastFailure,
  ...alert
}: Alert): Static<typeof AlertAnswer> {
  return {
    ...alert,
    openedBy: openedBy && explained(openedBy),
    lastFailure: lastFailure && explained(lastFailure),
  };
}

const explained = (check: FailedCheck) => ({ ...check, explanation: explanationOf(check) });
