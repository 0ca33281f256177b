import Type, { type TProperties } from 'typebox';

type Notes = Readonly<{ description?: string }>;

/** The settings of a kind, and no others. */
export function settingsOf<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}

/** `target-url`: the API judges it by the rules of a monitor's URL. */
export function url(notes: Notes = {}) {
  return Type.String({ maxLength: 2048, format: 'target-url', ...notes });
}

/** The setting of services whose secret is the URL to post to. */
export const INCOMING_WEBHOOK = {
  settings: settingsOf({ webhookUrl: url() }),
  secrets: ['webhookUrl'],
  addresses: ['webhookUrl'],
  hasRecipients: false,
  example: { webhookUrl: 'https://hook.invalid/' },
} as const;
