import { FAILURE_REASONS, OUTCOMES, UNKNOWN_REASONS } from '@gomon/domain';
import Type from 'typebox';
import { integerOrNull, moment, oneOf, oneOfOrNull, pageQuery, record } from './fields.ts';
import { phasesOrNull } from './phases.ts';

export const CheckAnswer = record(
  {
    slot: moment({ description: 'When the check was due.' }),
    outcome: oneOf(OUTCOMES),
    statusCode: integerOrNull({ description: 'Of the final answer, after redirects.' }),
    reason: oneOfOrNull([...FAILURE_REASONS, ...UNKNOWN_REASONS], { description: 'Null when the outcome is success.' }),
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
