import Type from 'typebox';
import { FAULT_CODES, PROBLEMS, type ProblemCode } from '../problem.ts';
import { oneOf, record } from './fields.ts';

const FaultSchema = record({
  pointer: Type.String({
    description:
      'A JSON pointer into the body, or "/" and the name of a query key or header field.',
  }),
  message: Type.String(),
  code: Type.Optional(
    oneOf(FAULT_CODES, {
      description:
        '`target_not_allowed`: probes may not reach this target. `threshold_unreachable`: the window cannot hold more failures than the threshold.',
    }),
  ),
  largest: Type.Optional(
    Type.Integer({
      description: 'With `threshold_unreachable`: the largest threshold that failures can exceed.',
    }),
  ),
});

export const ProblemSchema = record(
  {
    type: Type.String({ examples: ['urn:gomon:not_found'] }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: oneOf(Object.keys(PROBLEMS) as ProblemCode[]),
    errors: Type.Optional(
      Type.Array(FaultSchema, { description: 'Every fault found; with status 400.' }),
    ),
  },
  { $id: 'Problem', description: 'A problem: RFC 9457.' },
);
