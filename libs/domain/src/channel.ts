/** Where notifications can go. */
export const CHANNEL_KINDS = ['webhook', 'email', 'slack', 'discord', 'msteams', 'telegram', 'pagerduty', 'ntfy'] as const;

export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** A JSON value, in the texts of which `{{path}}` stands for what the message says there. */
export type JsonTemplate = { readonly [name: string]: unknown };

/** All that channels are set by; each kind has its own of these. */
export interface ChannelSettings {
  readonly url?: string;
  readonly secret?: string;
  /** The secret before this one, which signs as well until the moment below. */
  readonly previousSecret?: string;
  readonly previousSecretUntil?: string;
  readonly template?: JsonTemplate;
  readonly to?: readonly string[];
  readonly webhookUrl?: string;
  readonly botToken?: string;
  readonly chatId?: string;
  readonly routingKey?: string;
  readonly topic?: string;
  readonly token?: string;
}

/** What an owner may set, by the kind. */
type GivenSetting = Exclude<keyof ChannelSettings, 'previousSecret' | 'previousSecretUntil'>;

interface ChannelFields {
  readonly required: readonly GivenSetting[];
  readonly optional: readonly GivenSetting[];
}

export const CHANNEL_FIELDS: Readonly<Record<ChannelKind, ChannelFields>> = {
  webhook: { required: ['url'], optional: ['secret', 'template'] },
  email: { required: ['to'], optional: [] },
  slack: { required: ['webhookUrl'], optional: [] },
  discord: { required: ['webhookUrl'], optional: [] },
  msteams: { required: ['webhookUrl'], optional: [] },
  telegram: { required: ['botToken', 'chatId'], optional: [] },
  pagerduty: { required: ['routingKey'], optional: [] },
  ntfy: { required: ['url', 'topic'], optional: ['token'] },
};

/** Settings that are never shown, and encrypted at rest: whoever knows one can send in its owner's name. */
export const SECRET_SETTINGS = ['secret', 'previousSecret', 'webhookUrl', 'botToken', 'routingKey', 'token'] as const;

export type SecretSetting = (typeof SECRET_SETTINGS)[number];

export interface Channel {
  readonly id: string;
  readonly userId: string;
  readonly kind: ChannelKind;
  readonly name: string;
  /** Secrets in it are encrypted for the channel. */
  readonly settings: ChannelSettings;
  readonly enabled: boolean;
  /** Why it was disabled by us; null when it was not. */
  readonly disabledReason: string | null;
  /** Whether it is a channel of every monitor of its owner. */
  readonly isDefault: boolean;
  /** Pause between reminders of an alert that stays open; null for none. */
  readonly remindEverySeconds: number | null;
  /** Addresses of its settings that nothing is mailed to until they are confirmed. */
  readonly unconfirmed: readonly string[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
