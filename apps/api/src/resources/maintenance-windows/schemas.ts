import Type, { type Static } from 'typebox';
import { Id, moment, record } from '../../schemas/fields.ts';

const idOrNull = (description: string) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uuid', description });

const needed = {
  name: Type.String({
    minLength: 1,
    maxLength: 100,
    format: 'name',
    examples: ['Backups'],
    description: 'Also shown on status pages with its monitors.',
  }),
  startsAt: Type.String({ format: 'date-time', description: 'At most 31 days ago.' }),
  durationSeconds: Type.Integer({ minimum: 60, maximum: 604_800 }),
};

const optional = {
  monitorId: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    format: 'uuid',
    default: null,
    description: 'One of your monitors; null for all.',
  }),
  rrule: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    maxLength: 200,
    default: null,
    description:
      'How it recurs: an RFC 5545 rule, at most once an hour; null for a one-time window.',
    examples: ['FREQ=WEEKLY;BYDAY=SU'],
  }),
  timeZone: Type.String({
    maxLength: 64,
    default: 'UTC',
    description: 'Time zone of the rule.',
    examples: ['Europe/Vienna'],
  }),
};

export const NewMaintenanceWindowBody = record({
  ...needed,
  ...Type.Partial(record(optional)).properties,
});
export const MaintenanceWindowPatch = record({
  ...Type.Partial(record({ ...needed, ...optional })).properties,
});
export type MaintenanceWindowPatchBody = Static<typeof MaintenanceWindowPatch>;

export const MaintenanceWindowAnswer = record(
  {
    id: Id,
    name: Type.String(),
    monitorId: idOrNull('Null for all monitors.'),
    startsAt: moment(),
    durationSeconds: Type.Integer(),
    rrule: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
    timeZone: Type.String(),
    active: Type.Boolean({ description: 'Whether it is on now.' }),
    createdAt: moment(),
    updatedAt: moment(),
  },
  { $id: 'MaintenanceWindow' },
);
