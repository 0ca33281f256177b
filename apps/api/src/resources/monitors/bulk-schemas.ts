import Type from 'typebox';
import { Id, oneOf, record } from '../../schemas/fields.ts';

export const BulkBody = record({
  action: oneOf(['pause', 'resume', 'delete']),
  ids: Type.Array(Id, { minItems: 1, maxItems: 500, uniqueItems: true }),
});

export const BulkAnswer = record({
  done: Type.Array(Id, { description: 'Those that are paused, running or gone now, as asked for.' }),
  notFound: Type.Array(Id, { description: 'Those that you have not.' }),
});
