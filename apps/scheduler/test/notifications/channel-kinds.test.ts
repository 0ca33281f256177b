import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ChannelKind, SettingsOf } from '@gomon/channels';
import { openStores } from '../fixtures.ts';
import {
  addChannel,
  addMonitor,
  drain,
  openSender,
  readNotifications,
  startReceiver,
  type Receiver,
} from './notifying.ts';

let stores: Awaited<ReturnType<typeof openStores>>;
let receiver: Receiver;
let monitor: Awaited<ReturnType<typeof addMonitor>>;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.user.deleteMany();
  receiver = await startReceiver();
  monitor = await addMonitor(stores.db);
  await stores.db.monitor.update({
    where: { id: monitor.id },
    data: { name: 'Shop <b>@everyone</b> & more' },
  });
});
afterEach(() => receiver.stop());

const ALERT = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const content = (resolvedAt: string | null) => ({
  monitor: {
    id: monitor.id,
    name: 'Shop <b>@everyone</b> & more',
    url: 'https://shop.test/?a=1&b=2',
  },
  alert: {
    id: ALERT,
    openedAt: '2026-11-22T10:00:00.000Z',
    resolvedAt,
    failures: 3,
    threshold: 2,
    windowSeconds: 300,
  },
  lastChecks: [
    {
      slot: '2026-11-22T10:00:00.000Z',
      outcome: 'failure',
      statusCode: 502,
      reason: 'http_status',
      durationMs: 12,
    },
  ],
});

/**
 * One opening and one resolution, sent by a channel of this kind. Returns the bodies that the
 * receiver got.
 */
async function tell<Kind extends ChannelKind>(
  kind: Kind,
  settings: SettingsOf<Kind>,
): Promise<Record<string, unknown>[]> {
  const channelId = await addChannel(stores.db, monitor.ownerId, { kind, settings });
  const row = { channelId, monitorId: monitor.id, alertId: ALERT };
  for (const [position, transition] of (['opened', 'resolved'] as const).entries()) {
    const told = content(transition === 'resolved' ? '2026-11-22T11:05:00.000Z' : null);
    await stores.db.notification.create({
      data: { ...row, id: crypto.randomUUID(), transition, position, content: told },
    });
  }
  const sender = openSender(stores, { serviceUrl: receiver.url });
  await drain(sender);
  sender.close();
  expect((await readNotifications(stores.db)).map(({ status }) => status)).toEqual([
    'delivered',
    'delivered',
  ]);
  return receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
}

test('slack gets text without unintended markup', async () => {
  const [opened, resolved] = await tell('slack', { webhookUrl: `${receiver.url}/services/T/B/x` });
  expect(opened).toMatchObject({
    text: 'DOWN: Shop &lt;b&gt;@everyone&lt;/b&gt; &amp; more',
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: expect.stringContaining('status 502') } },
    ],
  });
  expect(JSON.stringify(resolved)).toContain('Duration: 1 h 5 min');
  expect(receiver.received[0]?.path).toBe('/services/T/B/x');
});

test('discord gets an embed without mentions', async () => {
  receiver.answer(204);
  const [opened, resolved] = await tell('discord', {
    webhookUrl: `${receiver.url}/api/webhooks/1/x`,
  });
  expect(opened).toMatchObject({
    embeds: [
      {
        title: 'DOWN: Shop <b>@everyone</b> & more',
        fields: expect.arrayContaining([{ name: 'Reason', value: 'status 502' }]),
      },
    ],
    allowed_mentions: { parse: [] },
  });
  expect(resolved).toMatchObject({ embeds: [{ color: 0x28a745 }] });
});

test('teams gets an adaptive card', async () => {
  receiver.answer(202);
  const [opened] = await tell('msteams', { webhookUrl: `${receiver.url}/workflows/x` });
  expect(opened).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          body: [{ type: 'TextBlock', text: expect.stringMatching(/^DOWN/) }, { type: 'FactSet' }],
        },
      },
    ],
  });
});

test('telegram gets plain text from the bot in the chat', async () => {
  const [opened] = await tell('telegram', { botToken: '123:abc', chatId: '-100' });
  expect(receiver.received[0]?.path).toBe('/bot123:abc/sendMessage');
  expect(opened).toMatchObject({
    chat_id: '-100',
    text: expect.stringContaining('URL: https://shop.test/?a=1&b=2'),
  });
  expect(opened).not.toHaveProperty('parse_mode');
});

test('pagerduty gets an incident, and the resolution closes it', async () => {
  receiver.answer(202);
  const [opened, resolved] = await tell('pagerduty', { routingKey: 'R' });
  expect(receiver.received.map(({ path }) => path)).toEqual(['/v2/enqueue', '/v2/enqueue']);
  expect(opened).toMatchObject({
    routing_key: 'R',
    event_action: 'trigger',
    dedup_key: ALERT,
    payload: {
      summary: expect.stringMatching(/^DOWN/),
      source: 'https://shop.test/?a=1&b=2',
      severity: 'critical',
    },
  });
  expect(resolved).toEqual({ routing_key: 'R', event_action: 'resolve', dedup_key: ALERT });
});

test('ntfy gets a message on its topic, with the token', async () => {
  const [opened, resolved] = await tell('ntfy', {
    url: receiver.url,
    topic: 'alerts',
    token: 'tk_1',
  });
  expect(receiver.received[0]?.headers).toMatchObject({
    authorization: 'Bearer tk_1',
    'gomon-notification': '1',
  });
  expect(opened).toMatchObject({
    topic: 'alerts',
    title: expect.stringMatching(/^DOWN/),
    priority: 5,
    tags: ['rotating_light'],
  });
  expect(resolved).toMatchObject({ priority: 3, tags: ['white_check_mark'] });
});
