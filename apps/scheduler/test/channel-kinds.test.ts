import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ChannelKind, ChannelSettings } from '@gomon/domain';
import { SMTPServer } from 'smtp-server';
import { openStores } from './fixtures.ts';
import {
  addChannel,
  addMonitor,
  drain,
  openSender,
  passPauses,
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
  await stores.db.monitor.update({ where: { id: monitor.id }, data: { name: 'Shop <b>@everyone</b> & more' } });
});
afterEach(() => receiver.stop());

const ALERT = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const content = (resolvedAt: string | null) => ({
  monitor: { id: monitor.id, name: 'Shop <b>@everyone</b> & more', url: 'https://shop.test/?a=1&b=2' },
  alert: { id: ALERT, openedAt: '2026-11-22T10:00:00.000Z', resolvedAt, failures: 3, threshold: 2, windowSeconds: 300 },
  lastChecks: [{ slot: '2026-11-22T10:00:00.000Z', outcome: 'failure', statusCode: 502, reason: 'http_status', durationMs: 12 }],
});

/** One opening and one resolution, sent by a channel of this kind. Returns the bodies that the receiver got. */
async function tell(kind: ChannelKind, settings: ChannelSettings, smtpUrl = ''): Promise<Record<string, unknown>[]> {
  const channelId = await addChannel(stores.db, monitor.userId, { kind, settings });
  const row = { channelId, monitorId: monitor.id, alertId: ALERT };
  for (const [position, transition] of (['opened', 'resolved'] as const).entries()) {
    const told = content(transition === 'resolved' ? '2026-11-22T11:05:00.000Z' : null);
    await stores.db.notification.create({ data: { ...row, id: crypto.randomUUID(), transition, position, content: told } });
  }
  const sender = openSender(stores, { serviceUrl: receiver.url, smtpUrl });
  await drain(sender);
  sender.close();
  expect((await readNotifications(stores.db)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  return receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
}

test('slack gets text in which nothing is markup that the owner did not mean', async () => {
  const [opened, resolved] = await tell('slack', { webhookUrl: `${receiver.url}/services/T/B/x` });
  expect(opened).toMatchObject({
    text: 'DOWN: Shop &lt;b&gt;@everyone&lt;/b&gt; &amp; more',
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: expect.stringContaining('status 502') } }],
  });
  expect(JSON.stringify(resolved)).toContain('Duration: 1 h 5 min');
  expect(receiver.received[0]?.path).toBe('/services/T/B/x');
});

test('discord gets an embed that mentions nobody', async () => {
  receiver.answer(204);
  const [opened, resolved] = await tell('discord', { webhookUrl: `${receiver.url}/api/webhooks/1/x` });
  expect(opened).toMatchObject({
    embeds: [
      { title: 'DOWN: Shop <b>@everyone</b> & more', fields: expect.arrayContaining([{ name: 'Reason', value: 'status 502' }]) },
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

test('telegram gets plain text from the bot, for the chat', async () => {
  const [opened] = await tell('telegram', { botToken: '123:abc', chatId: '-100' });
  expect(receiver.received[0]?.path).toBe('/bot123:abc/sendMessage');
  expect(opened).toMatchObject({ chat_id: '-100', text: expect.stringContaining('URL: https://shop.test/?a=1&b=2') });
  expect(opened).not.toHaveProperty('parse_mode');
});

test('pagerduty gets an incident, which the resolution closes', async () => {
  receiver.answer(202);
  const [opened, resolved] = await tell('pagerduty', { routingKey: 'R' });
  expect(receiver.received.map(({ path }) => path)).toEqual(['/v2/enqueue', '/v2/enqueue']);
  expect(opened).toMatchObject({
    routing_key: 'R',
    event_action: 'trigger',
    dedup_key: ALERT,
    payload: { summary: expect.stringMatching(/^DOWN/), source: 'https://shop.test/?a=1&b=2', severity: 'critical' },
  });
  expect(resolved).toEqual({ routing_key: 'R', event_action: 'resolve', dedup_key: ALERT });
});

test('ntfy gets a message on its topic, with the token', async () => {
  const [opened, resolved] = await tell('ntfy', { url: receiver.url, topic: 'alerts', token: 'tk_1' });
  expect(receiver.received[0]?.headers).toMatchObject({ authorization: 'Bearer tk_1', 'gomon-notification': '1' });
  expect(opened).toMatchObject({ topic: 'alerts', title: expect.stringMatching(/^DOWN/), priority: 5, tags: ['rotating_light'] });
  expect(resolved).toMatchObject({ priority: 3, tags: ['white_check_mark'] });
});

/** A mail server on loopback that keeps what it is sent; it takes mail for everybody but `nobody@…`. */
async function startMailServer() {
  const mails: { to: string[]; text: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('nobody@') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null),
    onData: (stream, { envelope }, done) => {
      let text = '';
      stream.setEncoding('utf8').on('data', (part: string) => (text += part));
      stream.on('end', () => {
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), text });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, mails, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

test('email is plain text and HTML, to all addresses at once, with the id of the notification', async () => {
  const smtp = await startMailServer();
  await tell('email', { to: ['ada@monitor.test', 'bob@monitor.test'] }, smtp.url);
  await smtp.stop();
  const [opened, resolved] = smtp.mails;
  expect(opened?.to).toEqual(['ada@monitor.test', 'bob@monitor.test']);
  const [first] = await readNotifications(stores.db);
  expect(opened?.text).toContain(`Message-ID: <${first?.id}@monitor.test>`);
  expect(opened?.text).toMatch(/^From: GoMon <gomon@monitor\.test>$/m);
  expect(opened?.text).toContain('Content-Type: text/plain');
  expect(opened?.text).toContain('Content-Type: text/html');
  expect(opened?.text.replaceAll('=\r\n', '')).toContain('Shop &lt;b&gt;@everyone&lt;/b&gt; &amp; more');
  expect(resolved?.text).toContain('Duration: 1 h 5 min');
});

test('email has no header field and no recipient that a name brings along', async () => {
  const smtp = await startMailServer();
  const name = 'shop\r\nBcc: eve@evil.test\r\n\r\n<script>\u2028é';
  const told = { ...content(null), monitor: { id: monitor.id, name, url: 'https://shop.test/' } };
  const channelId = await addChannel(stores.db, monitor.userId, { kind: 'email', settings: { to: ['ada@monitor.test'] } });
  const row = { id: crypto.randomUUID(), channelId, monitorId: monitor.id, alertId: ALERT };
  await stores.db.notification.create({ data: { ...row, transition: 'opened', content: told } });
  const sender = openSender(stores, { smtpUrl: smtp.url });
  await drain(sender);
  sender.close();
  await smtp.stop();
  const [mail] = smtp.mails;
  const [head = ''] = mail?.text.split('\r\n\r\n') ?? [];
  expect(mail?.to).toEqual(['ada@monitor.test']);
  expect(head).toContain('Subject: ');
  expect(head).not.toMatch(/^(bcc|<script>)/im);
  expect(mail?.text).not.toContain('<script>\u2028');
});

test('email that the mail server refuses is told by its status alone', async () => {
  const smtp = await startMailServer();
  await addChannel(stores.db, monitor.userId, { kind: 'email', settings: { to: ['nobody@monitor.test'] } });
  const [channel] = await stores.db.channel.findMany();
  const row = { id: crypto.randomUUID(), channelId: channel?.id ?? '', monitorId: monitor.id, alertId: ALERT };
  await stores.db.notification.create({ data: { ...row, transition: 'opened', content: content(null) } });
  const sender = openSender(stores, { smtpUrl: smtp.url });
  await drain(sender);
  sender.close();
  await smtp.stop();
  expect((await readNotifications(stores.db))[0]?.sendings).toMatchObject([
    { statusCode: 550, error: 'the mail server answered 550' },
  ]);
});

test('nothing but the code is mailed to an address that is not confirmed', async () => {
  const smtp = await startMailServer();
  const settings = { to: ['ada@monitor.test', 'bob@monitor.test'] };
  const channelId = await addChannel(stores.db, monitor.userId, { kind: 'email', settings, isConfirmed: false });
  const confirmation = { channelId, address: 'bob@monitor.test', code: 'ABCDE23456' };
  const row = { channelId, monitorId: monitor.id, alertId: ALERT };
  const rows = [
    { ...row, id: crypto.randomUUID(), transition: 'opened' as const, content: content(null) },
    { channelId, id: crypto.randomUUID(), transition: 'confirmation' as const, content: { confirmation } },
  ];
  await stores.db.notification.createMany({ data: rows });
  const sender = openSender(stores, { smtpUrl: smtp.url });
  await drain(sender);
  expect(smtp.mails.map(({ to }) => to)).toEqual([['bob@monitor.test']]);
  expect(smtp.mails[0]?.text).toContain('ABCDE23456');
  const told = await readNotifications(stores.db, channelId);
  expect(told.find(({ transition }) => transition === 'opened')).toMatchObject({
    status: 'pending',
    sendings: [{ error: 'none of its addresses is confirmed' }],
  });
  await stores.db.emailAddress.create({ data: { userId: monitor.userId, address: 'bob@monitor.test', confirmedAt: new Date() } });
  await passPauses(stores.db);
  await drain(sender);
  sender.close();
  await smtp.stop();
  expect(smtp.mails.map(({ to }) => to)).toEqual([['bob@monitor.test'], ['bob@monitor.test']]);
});
