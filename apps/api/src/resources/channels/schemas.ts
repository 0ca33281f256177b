import { CHANNEL_KINDS, NOTIFICATION_STATUSES, NOTIFICATION_TRANSITIONS, type JsonTemplate } from '@gomon/domain';
import Type, { type Static, type TSchema } from 'typebox';
import { Id, integerOrNull, moment, momentOrNull, oneOf, pageQuery, record } from '../../schemas/fields.ts';

const ADDRESS = "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})*$";
const stringOrNull = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description });

const jsonTemplate = (notes = {}) => Type.Unsafe<JsonTemplate>({ type: 'object', additionalProperties: true, ...notes });

/** Each kind takes its own of these. */
const fields = {
  url: Type.String({ maxLength: 2048, format: 'target-url', description: 'webhook, ntfy: where to.' }),
  secret: Type.String({
    pattern: '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$',
    description:
      'webhook: signs by Standard Webhooks; made by us when it is not given, and shown once. One that is replaced signs as well for a day. Write-only.',
  }),
  template: jsonTemplate({
    description: 'webhook: the body, in whose texts `{{data.monitor.name}}` and so on stand for what the usual body has there.',
  }),
  to: Type.Array(Type.String({ maxLength: 254, pattern: ADDRESS }), {
    minItems: 1,
    maxItems: 10,
    uniqueItems: true,
    description:
      'email: the addresses. Each that is not confirmed yet is mailed a code, up to three times a day; to give them anew sends new codes.',
  }),
  webhookUrl: Type.String({ maxLength: 2048, format: 'target-url', description: 'slack, discord, msteams. Write-only.' }),
  botToken: Type.String({ maxLength: 100, pattern: '^\\d+:[\\w-]+$', description: 'telegram. Write-only.' }),
  chatId: Type.String({ pattern: '^(-?\\d{1,20}|@\\w{5,32})$', description: 'telegram.' }),
  routingKey: Type.String({ pattern: '^\\w{1,64}$', description: 'pagerduty: the integration key. Write-only.' }),
  topic: Type.String({ pattern: '^[-\\w]{1,64}$', description: 'ntfy.' }),
  token: Type.String({ pattern: '^[\\x21-\\x7e]{1,200}$', description: 'ntfy: an access token. Write-only.' }),
};

const settings = record(Type.Partial(record(fields)).properties);

export type GivenSettings = Static<typeof settings>;

const settingChanges = record(
  Type.Partial(
    record({
      ...fields,
      secret: clearable<string>(fields.secret),
      template: clearable<JsonTemplate>(fields.template),
      token: clearable<string>(fields.token),
    }),
  ).properties,
);

export type SettingChanges = Static<typeof settingChanges>;

/** Null takes it away. */
function clearable<Value>(schema: TSchema & { readonly type?: unknown }) {
  return Type.Unsafe<Value | null>({ ...schema, type: [schema.type, 'null'] });
}

const name = Type.String({ minLength: 1, maxLength: 100, format: 'name', description: 'Unique among your channels.' });
const optional = Type.Partial(
  record({
    enabled: Type.Boolean({ default: true }),
    default: Type.Boolean({ default: false, description: 'Whether it is told of the alerts of all your monitors.' }),
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
  code: Type.String({ pattern: '^[A-Za-z0-9]{10}$', description: 'As the address was mailed it; good for a day.' }),
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
      description: 'Those that there are. Secrets are null, but for one that has just been made by us.',
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
    monitorId: Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uuid' }),
    alertId: Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uuid' }),
    transition: oneOf(NOTIFICATION_TRANSITIONS),
    recipient: stringOrNull('email: the address that it goes to; each address of the channel has its own. Null for other kinds.'),
    status: oneOf(NOTIFICATION_STATUSES, {
      description:
        '`held` waits for the end of a maintenance window, `dead` was tried for a day in vain, or got an answer that time does not mend, `dropped` was never sent and need not be.',
    }),
    createdAt: moment(),
    deliveredAt: momentOrNull(),
    nextAttemptAt: momentOrNull({ description: 'Null unless it is pending.' }),
    attempts: Type.Array(
      record({
        number: Type.Integer(),
        startedAt: moment(),
        durationMs: integerOrNull({ description: 'Null while it lasts, or when the sender died at it.' }),
        statusCode: integerOrNull(),
        error: stringOrNull('What went wrong; null when nothing did.'),
      }),
      { description: 'The last 50.' },
    ),
  },
  { $id: 'Delivery' },
);

export const DeliveryQuery = record({ ...pageQuery, status: Type.Optional(oneOf(NOTIFICATION_STATUSES)) });
