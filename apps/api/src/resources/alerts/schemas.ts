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
  cause: oneOfOrNull(CAUSES, { description: 'Why in detail; null where it is not known.' }),
  causeDetail: textOrNull({ description: 'What goes with the cause, such as the names in a certificate.' }),
  explanation: textOrNull({ description: 'Reason and cause in words.' }),
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
        'What ended it although no check saw the target recover: its monitor was paused, or deleted. Null when a check resolved it.',
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

export function toAlertAnswer({ openedBy, lastFailure, ...alert }: Alert): Static<typeof AlertAnswer> {
  return { ...alert, openedBy: openedBy && explained(openedBy), lastFailure: lastFailure && explained(lastFailure) };
}

const explained = (check: FailedCheck) => ({ ...check, explanation: explanationOf(check) });
