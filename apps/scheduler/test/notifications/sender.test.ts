import { createHmac } from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import { claimNotifications } from '@gomon/persistence';
import { removeAlerts } from '@gomon/persistence/pipeline';
import { Webhook } from 'standardwebhooks';
import { enqueueNotifications } from '../../src/notifications/enqueue.ts';
import {
  OPEN,
  RESOLVE,
  addChannel,
  addMonitor,
  drain,
  openSender,
  passPauses,
  readNotifications,
  setUpNotifying,
  type Notifying,
} from './notifying.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

let { stores, receiver, monitor, check } = {} as Notifying;
setUpNotifying((opened) => ({ stores, receiver, monitor, check } = opened));

const ALL_BUT_DATE = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;
const limits = { channelLimit: 10, userLimit: 10, busyChannels: [], busyUsers: [] };
const ids = () => receiver.received.map(({ headers }) => headers['webhook-id']);
const types = () =>
  receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);

describe('a transition', () => {
  test('reaches each enabled channel of the monitor, attached or default, and no other', async () => {
    const { db } = stores;
    const defaults = await addChannel(db, monitor.ownerId, {
      settings: { url: `${receiver.url}/default` },
    });
    const attached = await addChannel(db, monitor.ownerId, {
      settings: { url: `${receiver.url}/attached` },
      isDefault: false,
    });
    await db.monitorChannel.create({ data: { monitorId: monitor.id, channelId: attached } });
    await addChannel(db, monitor.ownerId, {
      settings: { url: `${receiver.url}/unattached` },
      isDefault: false,
    });
    await addChannel(db, monitor.ownerId, {
      settings: { url: `${receiver.url}/disabled` },
      enabled: false,
    });
    const stranger = await addMonitor(db);
    await addChannel(db, stranger.ownerId, { settings: { url: `${receiver.url}/stranger` } });
    await check(OPEN + RESOLVE);
    await drain(openSender(stores));
    const paths = receiver.received.map(({ path }) => path).sort();
    expect(paths).toEqual(['/attached', '/attached', '/default', '/default']);
    for (const channelId of [defaults, attached]) {
      const rows = await readNotifications(db, channelId);
      expect(rows.map(({ transition, status }) => [transition, status])).toEqual([
        ['opened', 'delivered'],
        ['resolved', 'delivered'],
      ]);
    }
  });

  test('comes with monitor, reason, times, rule, last checks and duration', async () => {
    await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url } });
    const openedAt = new Date((await check(`+${OPEN}`)) * 1000).toISOString();
    await check(RESOLVE);
    await drain(openSender(stores));
    const [opened, resolved] = receiver.received.map(
      ({ body }) => JSON.parse(body) as { data: { text: string; alert: object } },
    );
    expect(opened?.data).toMatchObject({
      monitor: { id: monitor.id, name: monitor.id, url: 'http://target.test/' },
      alert: { openedAt, resolvedAt: null, failures: 2, threshold: 1, windowSeconds: 60 },
      link: `https://monitor.test/monitors/${monitor.id}`,
      lastChecks: [
        { outcome: 'failure', reason: 'timeout', slot: openedAt },
        { outcome: 'failure' },
        { outcome: 'success', statusCode: 200 },
      ],
    });
    expect(opened?.data.text).toContain('Reason: no answer in time');
    expect(resolved?.data.alert).toMatchObject({
      openedAt,
      resolvedAt: expect.stringMatching(/Z$/),
    });
    expect(resolved?.data.text).toMatch(/Duration: \d+ (s|min)/);
  });

  test('is not sent when late results undo it first', async () => {
    await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url } });
    await check(OPEN);
    await undoAlerts();
    await drain(openSender(stores));
    expect(receiver.received).toEqual([]);
  });

  test('is ended where it was sent, when late results undo it', async () => {
    await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url } });
    const sender = openSender(stores);
    await check(OPEN);
    await drain(sender);
    await undoAlerts();
    await drain(sender);
    expect(types()).toEqual(['alert.opened', 'alert.resolved']);
    const [opened, resolved] = receiver.received.map(
      ({ body }) => (JSON.parse(body) as { data: { alert: { id: string } } }).data.alert,
    );
    expect(resolved).toEqual({ ...opened, resolvedAt: expect.any(String) });
  });
});

/** As reconciling does when late results show that there was no alert. */
async function undoAlerts(): Promise<void> {
  await stores.db.$transaction(async (tx) => {
    const alerts = await tx.alert.findMany();
    await removeAlerts(
      tx,
      alerts.map(({ id }) => id),
    );
    await enqueueNotifications(
      tx,
      alerts.map(({ id }) => ({ id, monitorId: monitor.id, status: 'gone', isNew: false })),
    );
  });
}

describe('a sender', () => {
  test('that dies during an attempt does no harm: the next attempt has the same id and body', async () => {
    const { db } = stores;
    await addChannel(db, monitor.ownerId, { settings: { url: receiver.url } });
    await check(OPEN);
    const [claimed] = await claimNotifications(db, { limit: 10, ...limits, leaseSeconds: 60 });
    const sender = openSender(stores);
    await drain(sender);
    expect(receiver.received).toEqual([]);
    await passPauses(db);
    await drain(sender);
    expect(ids()).toEqual([claimed?.id]);
    const [row] = await readNotifications(db);
    expect(row).toMatchObject({ status: 'delivered', attempts: 2 });
    expect(row?.sendings.map(({ durationMs }) => durationMs === null)).toEqual([true, false]);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ data: claimed?.content });
  });

  test('with a clock an hour off sends at once, with a timestamp that receivers accept', async () => {
    const { db } = stores;
    await addChannel(db, monitor.ownerId, { settings: { url: receiver.url, secret: SECRET } });
    jest.useFakeTimers({ now: Date.now() + 3_600_000, doNotFake: [...ALL_BUT_DATE] });
    try {
      await check(OPEN);
      await drain(openSender(stores));
    } finally {
      jest.useRealTimers();
    }
    const [{ body, headers } = { body: '', headers: {} }] = receiver.received;
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'alert.opened',
    });
  });

  test('sends each notification once when several senders run', async () => {
    const { db } = stores;
    for (let n = 0; n < 40; n++)
      await addChannel(db, monitor.ownerId, { settings: { url: `${receiver.url}/${n}` } });
    await check(OPEN + RESOLVE);
    await Promise.all([1, 2, 3].map(() => drain(openSender(stores))));
    expect(receiver.received).toHaveLength(80);
    expect(new Set(ids()).size).toBe(80);
  });

  test('sends the opening before the end, also when the opening fails at first', async () => {
    const { db } = stores;
    await addChannel(db, monitor.ownerId, { settings: { url: receiver.url } });
    await check(OPEN + RESOLVE + OPEN);
    const sender = openSender(stores);
    receiver.answer(500);
    await drain(sender);
    await drain(sender);
    expect(types()).toEqual(['alert.opened', 'alert.opened']);
    receiver.answer(200);
    await passPauses(db);
    await drain(sender);
    const firstAlert = (
      JSON.parse(receiver.received[0]?.body ?? '') as { data: { alert: { id: string } } }
    ).data.alert.id;
    const ofFirst = receiver.received
      .filter(({ body }) => body.includes(firstAlert))
      .map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(ofFirst).toEqual(['alert.opened', 'alert.opened', 'alert.resolved']);
  });
});

describe('a webhook', () => {
  test('is signed by Standard Webhooks', async () => {
    await addChannel(stores.db, monitor.ownerId, {
      settings: { url: receiver.url, secret: SECRET },
    });
    await check(OPEN);
    await drain(openSender(stores));
    const [{ body, headers } = { body: '', headers: {} }] = receiver.received;
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'alert.opened',
    });
    expect(() =>
      new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>),
    ).toThrow();
  });

  test('is also signed with the previous secret while that is valid', async () => {
    const previousSecret = `whsec_${createHmac('sha256', 'x').digest('base64')}`;
    const settings = { url: receiver.url, secret: SECRET, previousSecret };
    const soon = new Date(Date.now() + 60_000).toISOString();
    await addChannel(stores.db, monitor.ownerId, {
      settings: { ...settings, previousSecretUntil: soon },
    });
    await addChannel(stores.db, monitor.ownerId, {
      settings: { ...settings, previousSecretUntil: new Date(0).toISOString() },
    });
    await check(OPEN);
    await drain(openSender(stores));
    const counts = receiver.received.map(
      ({ headers }) => String(headers['webhook-signature']).split(' ').length,
    );
    expect(counts.sort()).toEqual([1, 2]);
    const both = receiver.received.find(({ headers }) =>
      String(headers['webhook-signature']).includes(' '),
    );
    for (const secret of [SECRET, previousSecret]) {
      expect(() =>
        new Webhook(secret).verify(both?.body ?? '', both?.headers as Record<string, string>),
      ).not.toThrow();
    }
  });

  test('can have a custom body', async () => {
    const template = {
      summary: 'Look at {{data.monitor.url}}: {{data.alert.failures}}',
      failures: '{{data.alert.failures}}',
      no: '{{data.nothing}}',
    };
    await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url, template } });
    await check(OPEN);
    await drain(openSender(stores));
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({
      summary: 'Look at http://target.test/: 2',
      failures: 2,
      no: null,
    });
  });

  test('is not sent when its template makes it too large', async () => {
    const template = { all: Array.from({ length: 300 }, () => '{{data}}') };
    await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url, template } });
    await check(OPEN);
    await drain(openSender(stores));
    expect(receiver.received).toEqual([]);
    const [row] = await readNotifications(stores.db);
    expect(row?.sendings.map(({ error }) => error)).toEqual([
      'its template makes more than 65536 characters',
    ]);
  });
});
