import Type from 'typebox';
import { CheckAnswer } from '../checks/schemas.ts';
import { record } from '../../schemas/fields.ts';

/** What a check would have said. */
export const DryRunAnswer = record(Type.Omit(CheckAnswer, ['slot']).properties, { $id: 'DryRun' });
