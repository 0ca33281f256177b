import { CAUSES, FAILURE_REASONS, OUTCOMES, UNKNOWN_REASONS, describeCause, type Cause, type Reason } from '@gomon/domain';
import Type from 'typebox';
import { integerOrNull, moment, oneOf, oneOfOrNull, pageQuery, record, textOrNull } from '../../schemas/fields.ts';
import { phasesOrNull } from './phases.ts';

export const CheckAnswer = record(
  {
    slot: moment({ description: 'When the check was due.' }),
    outcome: oneOf(OUTCOMES),
    statusCode: integerOrNull({ description: 'Of the final answer, after redirects.' }),
    reason: oneOfOrNull([...FAILURE_REASONS, ...UNKNOWN_REASONS], { description: 'Null when the outcome is success.' }),
    cause: oneOfOrNull(CAUSES, { description: 'Why in detail; null when the outcome is success, and where it is not known.' }),
    causeDetail: textOrNull({ description: 'What goes with the cause, such as the names in a certificate.' }),
    explanation: textOrNull({
      description: 'Reason and cause in words; null when the outcome is success.',
      examples: ['certificate expired on 3 November 2026'],
    }),
    durationMs: integerOrNull(),
    phases: phasesOrNull({
      description: 'Where the duration went, to a five-hundredth of it; null where it was not measured.',
    }),
    checkedAt: moment({ description: 'When the verdict was reached.' }),
  },
  { $id: 'Check' },
);

export const CheckQuery = record({
  ...pageQuery,
  from: Type.Optional(Type.String({ format: 'date-time', description: 'The oldest slot.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'The newest slot.' })),
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
