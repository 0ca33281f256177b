import Type from 'typebox';
import { Id, oneOf, record } from '../../schemas/fields.ts';

export const BulkBody = record({
  action: oneOf(['pause', 'resume', 'delete']),
  ids: Type.Array(Id, { minItems: 1, maxItems: 500, uniqueItems: true }),
});

export const BulkAnswer = record({
  done: Type.Array(Id, {
    description: 'Monitors that are now paused, running or deleted, as requested.',
  }),
  notFound: Type.Array(Id, { description: 'Ids that are not your monitors.' }),
});
