import { expect, test } from '@jest/globals';
import { destinationOf, isTemplate, readSettings, shownSetting } from './channel-kinds.ts';

const channel = {
  id: '5b1c6f1e-0000-4000-8000-000000000000',
  kind: 'webhook' as const,
  name: 'hook',
  settings: { url: 'https://hook.test/', secret: null, template: { text: '{{data.title}}' } },
  enabled: true,
  disabledReason: null,
  default: true,
  remindEverySeconds: null,
  unconfirmed: [],
  createdAt: '2026-03-01T00:00:00.000Z',
  updatedAt: '2026-03-01T00:00:00.000Z',
};

function formOf(texts: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, text] of Object.entries(texts)) form.set(name, text);
  return form;
}

test('a form that is saved as it was opened leaves every setting as it was', () => {
  const shown = {
    url: shownSetting(channel, 'url'),
    secret: '',
    template: shownSetting(channel, 'template'),
  };
  expect(readSettings('webhook', formOf(shown), channel)).toEqual({
    url: 'https://hook.test/',
    template: { text: '{{data.title}}' },
  });
});

test('what was shown and is emptied is taken away; what is never shown is left', () => {
  const emptied = { url: 'https://hook.test/', secret: '', template: '' };
  expect(readSettings('webhook', formOf(emptied), channel)).toEqual({
    url: 'https://hook.test/',
    template: null,
  });
  expect(readSettings('webhook', formOf(emptied))).toEqual({ url: 'https://hook.test/' });
});

test('a template is an object in JSON and nothing else', () => {
  expect(['{}', '{"a": [1]}'].map(isTemplate)).toEqual([true, true]);
  expect(['', '[]', 'null', '"a"', '{a: 1}'].map(isTemplate)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('a channel leads to what is shown of its settings, in the order of the form', () => {
  const ntfy = {
    ...channel,
    kind: 'ntfy' as const,
    settings: { topic: 'alerts', token: null, url: 'https://ntfy.test/' },
  };
  expect(destinationOf(ntfy)).toBe('https://ntfy.test/ alerts');
  expect(destinationOf(channel)).toBe('https://hook.test/');
  expect(destinationOf({ ...channel, kind: 'slack', settings: { webhookUrl: null } })).toBe('');
});

test('addresses of mail are a list', () => {
  expect(readSettings('email', formOf({ to: 'ada@monitor.test, bob@monitor.test' }))).toEqual({
    to: ['ada@monitor.test', 'bob@monitor.test'],
  });
});
