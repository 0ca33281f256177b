import { CheckAnswer } from './check.ts';
import { record } from './fields.ts';

const { outcome, statusCode, reason, durationMs, phases, checkedAt } = CheckAnswer.properties;

/** What a check would have said. */
export const TrialAnswer = record({ outcome, statusCode, reason, durationMs, phases, checkedAt }, { $id: 'ProbeTrial' });
