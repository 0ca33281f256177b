import { STATUS_MESSAGE_KINDS } from '@gomon/domain';
import Type, { type Static } from 'typebox';
import { Id, moment, momentOrNull, oneOf, record } from '../../schemas/fields.ts';

export const SLUG_PATTERN = '^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$';

const heading = (maxLength: number, notes = {}) =>
  Type.String({ minLength: 1, maxLength, format: 'name', ...notes });

const Group = record({
  name: heading(100),
  monitorIds: Type.Array(Id, {
    maxItems: 200,
    uniqueItems: true,
    description: 'Of your monitors.',
  }),
});

const settings = {
  slug: Type.String({
    minLength: 3,
    maxLength: 63,
    pattern: SLUG_PATTERN,
    description: 'The page is at `/status/<slug>`. Lower-case letters, digits and hyphens; unique.',
    examples: ['acme'],
  }),
  title: heading(100, { examples: ['Acme'] }),
};

const optional = {
  description: Type.String({ maxLength: 1000, format: 'text', default: '' }),
  groups: Type.Array(Group, {
    maxItems: 20,
    default: [],
    description: 'The page shows only their names, statuses and maintenance windows.',
  }),
  published: Type.Boolean({ default: false, description: 'Whether the page is public.' }),
};

export const NewStatusPage = record({ ...settings, ...Type.Partial(record(optional)).properties });
export const StatusPagePatch = record({
  ...Type.Partial(record({ ...settings, ...optional })).properties,
});

export const StatusPageAnswer = record(
  {
    id: Id,
    slug: Type.String(),
    title: Type.String(),
    description: Type.String(),
    groups: Type.Array(record({ name: Type.String(), monitorIds: Type.Array(Id) })),
    published: Type.Boolean(),
    createdAt: moment(),
    updatedAt: moment(),
  },
  { $id: 'StatusPage' },
);

const message = {
  title: heading(200, { examples: ['Slow answers'] }),
  body: Type.String({ maxLength: 5000, format: 'text', description: 'Plain text.' }),
  kind: oneOf(STATUS_MESSAGE_KINDS),
  startsAt: Type.String({ format: 'date-time', description: 'Default: now.' }),
  endsAt: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description: 'Null while unknown.',
  }),
};
const { title, kind, body, startsAt, endsAt } = message;

export const NewStatusMessage = record({
  title,
  kind,
  ...Type.Partial(record({ body, startsAt, endsAt })).properties,
});
export const StatusMessagePatch = record({ ...Type.Partial(record(message)).properties });
export type StatusMessageBody = Static<typeof StatusMessagePatch>;

export const StatusMessageAnswer = record(
  {
    id: Id,
    title: Type.String(),
    body: Type.String(),
    kind: oneOf(STATUS_MESSAGE_KINDS),
    startsAt: moment(),
    endsAt: momentOrNull(),
  },
  { $id: 'StatusMessage' },
);

export const MessageParams = record({ id: Id, messageId: Id });
