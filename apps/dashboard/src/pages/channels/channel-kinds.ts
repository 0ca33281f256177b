import type { paths, Schema } from '@gomon/client';
import { textOf } from '../../parts/forms/form-text.ts';

export type ChannelKind = Schema<'Channel'>['kind'];

type NewChannel = paths['/v1/channels']['post']['requestBody']['content']['application/json'];

export interface ChannelField {
  readonly name: keyof NewChannel['settings'];
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'url' | 'password' | 'text' | 'addresses' | 'template';
  readonly optional?: boolean;
  /** Never shown again: left empty, the stored one stays. */
  readonly secret?: boolean;
}

interface Kind {
  readonly label: string;
  readonly fields: readonly ChannelField[];
}

const incoming = (service: string): Kind => ({
  label: service,
  fields: [
    {
      name: 'webhookUrl',
      label: 'Webhook URL',
      type: 'url',
      secret: true,
      hint: `The incoming webhook URL from ${service}.`,
    },
  ],
});

/** What each kind of channel has to be told. */
export const KINDS: Record<ChannelKind, Kind> = {
  webhook: {
    label: 'Webhook',
    fields: [
      {
        name: 'url',
        label: 'URL',
        type: 'url',
        hint: 'Requests are signed (Standard Webhooks).',
      },
      {
        name: 'secret',
        label: 'Signing secret',
        type: 'password',
        secret: true,
        optional: true,
        hint: 'whsec_ followed by base64. Leave it empty to get a new one, shown once.',
      },
      {
        name: 'template',
        label: 'Template',
        type: 'template',
        optional: true,
        hint: 'A JSON object to send in place of the usual body; placeholders such as {{data.title}} are filled in. Leave it empty for the usual body.',
      },
    ],
  },
  email: {
    label: 'E-mail',
    fields: [
      {
        name: 'to',
        label: 'Addresses',
        type: 'addresses',
        hint: 'Up to ten, separated by commas.',
      },
    ],
  },
  slack: incoming('Slack'),
  discord: incoming('Discord'),
  msteams: incoming('Microsoft Teams'),
  telegram: {
    label: 'Telegram',
    fields: [
      { name: 'botToken', label: 'Bot token', type: 'password', secret: true },
      { name: 'chatId', label: 'Chat', hint: 'Its number, or @name.' },
    ],
  },
  pagerduty: {
    label: 'PagerDuty',
    fields: [{ name: 'routingKey', label: 'Integration key', type: 'password', secret: true }],
  },
  ntfy: {
    label: 'ntfy',
    fields: [
      { name: 'url', label: 'Server', type: 'url' },
      { name: 'topic', label: 'Topic' },
      { name: 'token', label: 'Access token', type: 'password', secret: true, optional: true },
    ],
  },
};

/** Null takes a setting away. */
export type SettingsDraft = Readonly<Record<string, string | string[] | object | null>>;

/** The settings of a form: what is empty is left out, unless it was shown by the channel that is changed and is to go. */
export function readSettings(
  kind: ChannelKind,
  form: FormData,
  channel?: Schema<'Channel'>,
): SettingsDraft {
  const given = KINDS[kind].fields.flatMap(
    ({ name, type, optional }): [name: string, value: SettingsDraft[string]][] => {
      const text = textOf(form, name).trim();
      if (text !== '') return [[name, valueOf(type, text)]];
      return optional && channel && shownSetting(channel, name) !== '' ? [[name, null]] : [];
    },
  );
  return Object.fromEntries(given);
}

function valueOf(type: ChannelField['type'], text: string): string | string[] | object {
  if (type === 'template') return JSON.parse(text) as object;
  return type === 'addresses' ? text.split(/[\s,]+/) : text;
}

/** Whether the text is what a template may be: an object in JSON. */
export function isTemplate(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** What may be shown of a setting, as text. */
export function shownSetting({ settings }: Schema<'Channel'>, name: string): string {
  const value = settings[name];
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object' && value !== null) return JSON.stringify(value, null, 2);
  return typeof value === 'string' ? value : '';
}

/** Where it leads, as far as that is no secret. */
export function destinationOf(channel: Schema<'Channel'>): string {
  const fields = KINDS[channel.kind].fields.filter(
    ({ secret, type }) => !secret && type !== 'template',
  );
  return fields
    .map(({ name }) => shownSetting(channel, name))
    .filter(Boolean)
    .join(' ');
}
