import Type from 'typebox';
import { CheckAnswer } from './check.ts';
import { record } from './fields.ts';

/** What a check would have said. */
export const TrialAnswer = record(Type.Omit(CheckAnswer, ['slot']).properties, { $id: 'ProbeTrial' });
