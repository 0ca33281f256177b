import {
  CAUSES,
  FAILURE_REASONS,
  OUTCOMES,
  UNKNOWN_REASONS,
  describeCause,
  type Cause,
  type Reason,
} from '@gomon/domain';
import Type from 'typebox';
import {
  integerOrNull,
  moment,
  oneOf,
  oneOfOrNull,
  pageQuery,
  record,
  textOrNull,
} from '../../schemas/fields.ts';
import { phasesOrNull } from './phases.ts';

export const CheckAnswer = record(
  {
    slot: moment({ description: 'When the check was due.' }),
    outcome: oneOf(OUTCOMES),
    statusCode: integerOrNull({ description: 'Status of the final response, after redirects.' }),
    reason: oneOfOrNull([...FAILURE_REASONS, ...UNKNOWN_REASONS], {
      description: 'Null when the outcome is success.',
    }),
    cause: oneOfOrNull(CAUSES, {
      description: 'Cause in detail; null when the outcome is success or the cause is unknown.',
    }),
    causeDetail: textOrNull({
      description: 'Details of the cause, such as the names in a certificate.',
    }),
    explanation: textOrNull({
      description: 'Reason and cause in words; null when the outcome is success.',
      examples: ['certificate expired on 3 November 2026'],
    }),
    durationMs: integerOrNull(),
    phases: phasesOrNull({
      description:
        'How the duration is divided, to a five-hundredth of it; null where not measured.',
    }),
    checkedAt: moment({ description: 'When the check ended.' }),
  },
  { $id: 'Check' },
);

export const CheckQuery = record({
  ...pageQuery,
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Oldest slot.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Newest slot.' })),
  outcome: Type.Optional(oneOf(OUTCOMES)),
});

export const CheckRequested = record({ slot: moment({ description: 'When the check is due.' }) });

interface Why {
  readonly reason: Reason | null;
  readonly cause: Cause | null;
  readonly causeDetail: string | null;
  readonly statusCode: number | null;
}

/** Null for a success. */
export function explanationOf({ reason, cause, causeDetail, statusCode }: Why): string | null {
  return reason && describeCause(reason, cause, causeDetail, statusCode);
}
