import Type from 'typebox';
import { CheckAnswer } from '../checks/schemas.ts';
import { record } from '../../schemas/fields.ts';

/** The result that a check would have had. */
export const DryRunAnswer = record(Type.Omit(CheckAnswer, ['slot']).properties, { $id: 'DryRun' });
