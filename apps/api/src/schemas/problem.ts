import Type from 'typebox';
import { PROBLEMS, type ProblemCode } from '../problem.ts';
import { oneOf, record } from './fields.ts';

const FaultSchema = record({
  pointer: Type.String({ description: 'A JSON pointer into the body, or "/" and the name of a query key or header field.' }),
  message: Type.String(),
  code: Type.Optional(oneOf(['target_not_allowed'], { description: 'A probe would not be let there.' })),
});

export const ProblemSchema = record(
  {
    type: Type.String({ examples: ['urn:gomon:not_found'] }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: oneOf(Object.keys(PROBLEMS) as ProblemCode[]),
    errors: Type.Optional(Type.Array(FaultSchema, { description: 'Every fault that was found; with status 400.' })),
  },
  { $id: 'Problem', description: 'What went wrong: RFC 9457.' },
);
