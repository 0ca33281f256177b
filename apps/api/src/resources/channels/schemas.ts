import {
  CHANNEL_KINDS,
  CHANNEL_SETTINGS,
  type ChannelSetting,
  type SettingValues,
} from '@gomon/channels';
import { NOTIFICATION_STATUSES, NOTIFICATION_TRANSITIONS } from '@gomon/domain';
import Type, { type Static, type TSchema } from 'typebox';
import {
  Id,
  integerOrNull,
  moment,
  momentOrNull,
  oneOf,
  pageQuery,
  record,
} from '../../schemas/fields.ts';

const stringOrNull = (description: string) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], description });

/** Each kind takes its own of these. */
const settings = settingsWith(({ schema }) => schema);

/** Null takes away what a channel can do without. */
const settingChanges = settingsWith(({ schema, isOptional }) =>
  isOptional ? { ...schema, type: [(schema as { readonly type?: unknown }).type, 'null'] } : schema,
);

/** The settings of all kinds in one object, each with the kinds that take it. */
function settingsWith(schemaOf: (setting: ChannelSetting) => TSchema) {
  const properties = CHANNEL_SETTINGS.map((setting): [string, TSchema] => [
    setting.name,
    { ...schemaOf(setting), description: describeSetting(setting) },
  ]);
  return Type.Unsafe<SettingValues>(
    record(Type.Partial(record(Object.fromEntries(properties))).properties),
  );
}

function describeSetting({ kinds, schema, isSecret }: ChannelSetting): string {
  const { description } = schema as { readonly description?: string };
  return `${kinds.join(', ')}${description ? `: ${description}` : '.'}${isSecret ? ' Write-only.' : ''}`;
}

const name = Type.String({
  minLength: 1,
  maxLength: 100,
  format: 'name',
  description: 'Unique among your channels.',
});
const optional = Type.Partial(
  record({
    enabled: Type.Boolean({ default: true }),
    default: Type.Boolean({
      default: false,
      description: 'Whether it is notified of the alerts of all your monitors.',
    }),
    remindEverySeconds: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 300,
      maximum: 604_800,
      default: null,
      description: 'Reminds of an alert that stays open, until it is acknowledged; null for never.',
    }),
  }),
).properties;

export const NewChannelBody = record({ kind: oneOf(CHANNEL_KINDS), name, settings, ...optional });

export const ChannelPatch = record({
  name: Type.Optional(name),
  settings: Type.Optional({
    ...settingChanges,
    description:
      'Those that are left out stay; null takes away a `secret`, so that requests are signed no more, a `template` or a `token`.',
  }),
  ...optional,
});

export const ConfirmationBody = record({
  code: Type.String({
    pattern: '^[A-Za-z0-9]{10}$',
    description: 'As the address was mailed it; good for a day.',
  }),
});

export type ChannelPatchBody = Static<typeof ChannelPatch>;

export const ChannelAnswer = record(
  {
    id: Id,
    kind: oneOf(CHANNEL_KINDS),
    name: Type.String(),
    settings: Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      additionalProperties: true,
      description:
        'Those that there are. Secrets are null, but for one that has just been made by us.',
    }),
    enabled: Type.Boolean(),
    disabledReason: stringOrNull('Why we disabled it; null when we did not.'),
    default: Type.Boolean(),
    remindEverySeconds: integerOrNull(),
    unconfirmed: Type.Array(Type.String(), {
      description:
        'email: the addresses that no alert is mailed to until they are confirmed with the code that they were mailed.',
    }),
    createdAt: moment(),
    updatedAt: moment(),
  },
  { $id: 'Channel' },
);

export const DeliveryAnswer = record(
  {
    id: Id,
    channelId: Id,
    monitorId: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      format: 'uuid',
      description: 'Null for a test.',
    }),
    monitorName: stringOrNull('Its present name; null for a test.'),
    alertId: Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uuid' }),
    transition: oneOf(NOTIFICATION_TRANSITIONS),
    recipient: stringOrNull(
      'email: the address that it goes to; each address of the channel has its own. Null for other kinds.',
    ),
    status: oneOf(NOTIFICATION_STATUSES, {
      description:
        '`held` waits for the end of a maintenance window, `dead` failed for a day, or got an answer that will not change, `dropped` was never sent and need not be.',
    }),
    createdAt: moment(),
    deliveredAt: momentOrNull(),
    nextAttemptAt: momentOrNull({ description: 'Null unless it is pending.' }),
    attempts: Type.Array(
      record({
        number: Type.Integer(),
        startedAt: moment(),
        durationMs: integerOrNull({
          description: 'Null while it lasts, or when the sender died at it.',
        }),
        statusCode: integerOrNull(),
        error: stringOrNull('What went wrong; null when nothing did.'),
      }),
      { description: 'The last 50.' },
    ),
  },
  { $id: 'Delivery' },
);

export const DeliveryQuery = record({
  ...pageQuery,
  status: Type.Optional(oneOf(NOTIFICATION_STATUSES)),
});
