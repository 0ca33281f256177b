import Type from 'typebox';
import { Id, moment, momentOrNull, oneOf, pageQuery, record } from './fields.ts';

export const AlertAnswer = record(
  {
    id: Id,
    monitorId: Id,
    openedAt: moment({ description: 'The slot whose check opened the alert.' }),
    resolvedAt: momentOrNull({ description: 'The slot whose check resolved it; null while it is open.' }),
    acknowledgedAt: momentOrNull(),
    failures: Type.Integer({ description: 'In the window, when it opened.' }),
    threshold: Type.Integer(),
    windowSeconds: Type.Integer(),
  },
  { $id: 'Alert' },
);

export const AlertQuery = record({ ...pageQuery, state: Type.Optional(oneOf(['open', 'resolved'])) });
