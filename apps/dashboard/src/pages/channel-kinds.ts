import type { Schema } from '@gomon/client';
import { textOf } from '../parts/form-text.ts';

export type ChannelKind = Schema<'Channel'>['kind'];

export interface ChannelField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'url' | 'password' | 'text';
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
      hint: `The incoming webhook that ${service} gives you.`,
    },
  ],
});

/** What each kind of channel has to be told. */
export const KINDS: Record<ChannelKind, Kind> = {
  webhook: {
    label: 'Webhook',
    fields: [
      { name: 'url', label: 'URL', type: 'url', hint: 'Requests are signed by Standard Webhooks.' },
      {
        name: 'secret',
        label: 'Signing secret',
        type: 'password',
        secret: true,
        optional: true,
        hint: 'whsec_ and base64. Empty: one is made, and shown once.',
      },
    ],
  },
  email: { label: 'E-mail', fields: [{ name: 'to', label: 'Addresses', hint: 'Up to ten, separated by commas.' }] },
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
  pagerduty: { label: 'PagerDuty', fields: [{ name: 'routingKey', label: 'Integration key', type: 'password', secret: true }] },
  ntfy: {
    label: 'ntfy',
    fields: [
      { name: 'url', label: 'Server', type: 'url' },
      { name: 'topic', label: 'Topic' },
      { name: 'token', label: 'Access token', type: 'password', secret: true, optional: true },
    ],
  },
};

/** The settings of a form: what is empty is left out, and addresses are a list. */
export function readSettings(kind: ChannelKind, form: FormData): Record<string, string | string[]> {
  const given = KINDS[kind].fields.flatMap(({ name }) => {
    const text = textOf(form, name).trim();
    return text === '' ? [] : [[name, name === 'to' ? text.split(/[\s,]+/) : text] as const];
  });
  return Object.fromEntries(given);
}

/** What may be shown of a setting, as text. */
export function shownSetting({ settings }: Schema<'Channel'>, name: string): string {
  const value = settings[name];
  return Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
}

/** Where it leads, as far as that is no secret. */
export function destinationOf(channel: Schema<'Channel'>): string {
  const shown = ['to', 'url', 'topic', 'chatId'].map((name) => shownSetting(channel, name));
  return shown.filter(Boolean).join(' ');
}
