import type { Schema } from '@gomon/client';
import { textOf } from '../parts/form-text.ts';

export type ChannelKind = Schema<'Channel'>['kind'];

export interface ChannelField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'url' | 'password' | 'text';
  readonly optional?: boolean;
}

interface Kind {
  readonly label: string;
  readonly fields: readonly ChannelField[];
}

const incoming = (service: string): Kind => ({
  label: service,
  fields: [{ name: 'webhookUrl', label: 'Webhook URL', type: 'url', hint: `The incoming webhook that ${service} gives you.` }],
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
        hint: 'Requests are signed by Standard Webhooks; the secret is shown once, when it is made.',
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
      { name: 'botToken', label: 'Bot token', type: 'password' },
      { name: 'chatId', label: 'Chat', hint: 'Its number, or @name.' },
    ],
  },
  pagerduty: { label: 'PagerDuty', fields: [{ name: 'routingKey', label: 'Integration key', type: 'password' }] },
  ntfy: {
    label: 'ntfy',
    fields: [
      { name: 'url', label: 'Server', type: 'url' },
      { name: 'topic', label: 'Topic' },
      { name: 'token', label: 'Access token', type: 'password', optional: true },
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

/** Where it leads, as far as that is no secret. */
export function destinationOf({ settings }: Schema<'Channel'>): string {
  const { to, url, topic, chatId } = settings as { to?: string[]; url?: string; topic?: string; chatId?: string };
  return [to?.join(', '), url, topic, chatId].filter(Boolean).join(' ');
}
