import { randomBytes } from 'node:crypto';
import Type from 'typebox';
import { settingsOf, url } from './fields.ts';
import { defineKind } from './kind.ts';

/** A JSON value, in the texts of which `{{path}}` stands for what the message says there. */
export type JsonTemplate = { readonly [name: string]: unknown };

const MAX_TEMPLATE_LENGTH = 4000;
const SECRET_BYTES = 32;
const OLD_SECRET_MS = 86_400_000;

export const webhook = defineKind({
  settings: settingsOf({
    url: url({ description: 'where to.' }),
    secret: Type.Optional(
      Type.String({
        pattern: '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$',
        description:
          'signs by Standard Webhooks; made by us when it is not given, and shown once. One that is replaced signs as well for a day.',
      }),
    ),
    template: Type.Optional(
      Type.Unsafe<JsonTemplate>({
        type: 'object',
        additionalProperties: true,
        description:
          'the body, in whose texts `{{data.monitor.name}}` and so on stand for what the usual body has there.',
      }),
    ),
  }),
  kept: Type.Object({
    /** The secret before the present one, which signs as well until the moment below. */
    previousSecret: Type.Optional(Type.String()),
    previousSecretUntil: Type.Optional(Type.String()),
  }),
  secrets: ['secret', 'previousSecret'],
  addresses: ['url'],
  hasRecipients: false,
  example: {
    url: 'https://hook.invalid/',
    template: { all: '{{data}}', title: '{{data.title}}: {{nothing}}' },
  },

  /** As Standard Webhooks writes secrets. */
  generate: ({ secret }) =>
    secret === undefined ? { secret: `whsec_${randomBytes(SECRET_BYTES).toString('base64')}` } : {},

  /** For a day the receiver may know only the old secret. Removing the secret removes the one before it. */
  keep({ secret, previousSecret, previousSecretUntil }, changes, now) {
    if (changes['secret'] === null) return {};
    if (changes['secret'] !== undefined && secret !== undefined) {
      return {
        previousSecret: secret,
        previousSecretUntil: new Date(now + OLD_SECRET_MS).toISOString(),
      };
    }
    return previousSecret && previousSecretUntil ? { previousSecret, previousSecretUntil } : {};
  },

  faults({ template }) {
    if (template === undefined || JSON.stringify(template).length <= MAX_TEMPLATE_LENGTH) return [];
    return [
      {
        setting: 'template',
        message: `must not be longer than ${MAX_TEMPLATE_LENGTH} characters as JSON`,
      },
    ];
  },
});
