import Type, { type Static } from 'typebox';
import { Id, moment, record } from '../../schemas/fields.ts';

const idOrNull = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uuid', description });

const needed = {
  name: Type.String({
    minLength: 1,
    maxLength: 100,
    format: 'name',
    examples: ['Backups'],
    description: 'Status pages that show its monitors show it, too.',
  }),
  startsAt: Type.String({ format: 'date-time', description: 'Not longer ago than 31 days.' }),
  durationSeconds: Type.Integer({ minimum: 60, maximum: 604_800 }),
};

const optional = {
  monitorId: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    format: 'uuid',
    default: null,
    description: 'One of your monitors; null for all of them.',
  }),
  rrule: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    maxLength: 200,
    default: null,
    description: 'When it is there again: a rule of RFC 5545, not more often than every hour; null for once.',
    examples: ['FREQ=WEEKLY;BYDAY=SU'],
  }),
  timeZone: Type.String({ maxLength: 64, default: 'UTC', description: 'In which the rule counts.', examples: ['Europe/Vienna'] }),
};

export const NewMaintenanceWindowBody = record({ ...needed, ...Type.Partial(record(optional)).properties });
export const MaintenanceWindowPatch = record({ ...Type.Partial(record({ ...needed, ...optional })).properties });
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
    active: Type.Boolean({ description: 'Whether it is there now.' }),
    createdAt: moment(),
    updatedAt: moment(),
  },
  { $id: 'MaintenanceWindow' },
);
