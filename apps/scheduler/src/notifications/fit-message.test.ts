import { describe, expect, test } from '@jest/globals';
import { specOf, type ChannelKind, type SettingsOf } from '@gomon/channels';
import type { NotificationContent } from '@gomon/domain';
import { sendBy } from './channels/all.ts';
import type { Mail, Outside } from './channels/channel.ts';
import { cutText, cutUnits } from './fit-message.ts';
import { composeMessage } from './message.ts';
import type { PostOptions } from './transports/http.ts';

const FACE = '\u{1F600}';
const SLOT = '2026-11-22T10:00:00.000Z';

const contentOf = (name: string, url: string): NotificationContent => ({
  monitor: { id: 'm', name, url },
  alert: {
    id: 'a',
    openedAt: SLOT,
    resolvedAt: null,
    failures: 3,
    threshold: 2,
    windowSeconds: 300,
  },
  lastChecks: Array.from({ length: 5 }, () => {
    return {
      slot: SLOT,
      outcome: 'failure' as const,
      statusCode: 502,
      reason: 'http_status' as const,
      durationMs: 12,
    };
  }),
});

interface Sent {
  readonly body: string;
  readonly mail: Mail | null;
}

/** What a channel of this kind sends for an opened alert. */
async function send(kind: ChannelKind, name: string, url: string): Promise<Sent> {
  let sent: Sent = { body: '', mail: null };
  const taken = { statusCode: 200, error: null };
  const outside: Outside = {
    post: async (_, { body }: PostOptions) => ((sent = { body, mail: null }), taken),
    sendMail: async (mail) => ((sent = { body: '', mail }), taken),
    telegramUrl: '',
    pagerdutyUrl: '',
  };
  const told = {
    id: 'n',
    transition: 'opened' as const,
    createdAt: new Date(SLOT),
    startedAt: new Date(SLOT),
  };
  const message = composeMessage(
    { ...told, content: contentOf(name, url) },
    'https://monitor.test',
  );
  const settings = { ...specOf(kind).example, template: undefined };
  await sendBy(kind, message, settings as unknown as SettingsOf<ChannelKind>, outside);
  return sent;
}

const NAMES = ['shop', 'x'.repeat(100), FACE.repeat(50), '&'.repeat(100), 'é'.repeat(100)];
const URLS = [
  'https://shop.test/',
  `https://shop.test/?${'&'.repeat(2000)}`,
  `https://shop.test/${'<'.repeat(2000)}`,
  `https://shop.test/${'é'.repeat(2000)}`,
  `https://shop.test/${FACE.repeat(1010)}`,
  `https://shop.test/${'"'.repeat(2000)}`,
];
const CASES = NAMES.flatMap((name) => URLS.map((url) => [name, url] as const));

const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
/** Reason, time and rule, in any form, and no character cut in two. */
function expectFacts(text: string): void {
  for (const fact of [
    'status 502',
    '2026-11-22 10:00:00 UTC',
    'more than the threshold of 2',
    '10:00:00 status 502 in 12 ms',
  ])
    expect(text).toContain(fact);
  expect(text).not.toMatch(LONE);
}

describe('all facts arrive, however long the names of a monitor and its URL', () => {
  test('in a section of Slack, of 3000 characters with what is escaped', async () => {
    for (const [name, url] of CASES) {
      const { blocks } = JSON.parse((await send('slack', name, url)).body) as {
        blocks: { text: { text: string } }[];
      };
      const text = blocks[0]?.text.text ?? '';
      expect(text.length).toBeLessThanOrEqual(3000);
      expect(text).not.toMatch(/&(?!amp;|lt;|gt;)|[<>]/);
      expect(text).toMatch(/^\*DOWN: .*\*$/m);
      expect(text).toContain('URL: https://shop.test/');
      expectFacts(text);
    }
  });

  test('in an embed of Discord, of 6000 characters, 256 of them in the title and 1024 in each value', async () => {
    for (const [name, url] of CASES) {
      const { embeds } = JSON.parse((await send('discord', name, url)).body) as {
        embeds: { title: string; fields: { name: string; value: string }[] }[];
      };
      const { title = '', fields = [] } = embeds[0] ?? {};
      expect(title.length).toBeLessThanOrEqual(256);
      for (const { value } of fields) expect(value.length).toBeLessThanOrEqual(1024);
      expect(
        title.length +
          fields.reduce((sum, field) => sum + field.name.length + field.value.length, 0),
      ).toBeLessThanOrEqual(6000);
      expectFacts(fields.map(({ value }) => value).join('\n'));
    }
  });

  test('in a message of Telegram, of 4096 characters', async () => {
    for (const [name, url] of CASES) {
      const { text } = JSON.parse((await send('telegram', name, url)).body) as { text: string };
      expect(text.length).toBeLessThanOrEqual(4096);
      expect(text).toContain('https://monitor.test/monitors/m');
      expectFacts(text);
    }
  });

  test('in a message of ntfy, of 4096 bytes, and twice that as JSON', async () => {
    for (const [name, url] of CASES) {
      const { body } = await send('ntfy', name, url);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(8192);
      const { message } = JSON.parse(body) as { message: string };
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096);
      expectFacts(message);
    }
  });

  test('in a card of Teams, of 28 kB', async () => {
    for (const [name, url] of CASES) {
      const { body } = await send('msteams', name, url);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(28_000);
      expectFacts(body);
    }
  });

  test('in a PagerDuty incident, with a summary of 1024 characters', async () => {
    for (const [name, url] of CASES) {
      const { body } = await send('pagerduty', name, url);
      const { payload } = JSON.parse(body) as {
        payload: { summary: string; custom_details: Record<string, string> };
      };
      expect(payload.summary.length).toBeLessThanOrEqual(1024);
      expectFacts(Object.values(payload.custom_details).join('\n'));
      expect(payload.custom_details['URL']).toBe(url);
    }
  });

  test('in an email, with a subject of one line', async () => {
    for (const [name, url] of CASES) {
      const { mail } = await send('email', name, url);
      expect(mail?.subject).toBe(`DOWN: ${name}`);
      expectFacts(mail?.text ?? '');
    }
  });

  test('in a webhook, uncut', async () => {
    for (const [name, url] of CASES) {
      const { data } = JSON.parse((await send('webhook', name, url)).body) as {
        data: { text: string; monitor: { url: string } };
      };
      expect(data.monitor.url).toBe(url);
      expectFacts(data.text);
    }
  });
});

test('cuts a text between characters', () => {
  expect(cutText(FACE.repeat(4), 3)).toBe(`${FACE.repeat(2)}…`);
  expect(cutUnits(FACE.repeat(4), 4)).toBe(`${FACE}…`);
  expect(cutUnits(FACE.repeat(4), 8)).toBe(FACE.repeat(4));
});
