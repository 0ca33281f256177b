import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { freePort } from '@gomon/test-support';
import {
  OPEN,
  RESOLVE,
  addChannel,
  drain,
  openSender,
  passPauses,
  readNotifications,
  startReceiver,
  setUpNotifying,
  type Notifying,
} from './notifying.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

let { stores, receiver, monitor, check } = {} as Notifying;
setUpNotifying((opened) => ({ stores, receiver, monitor, check } = opened));

const ids = () => receiver.received.map(({ headers }) => headers['webhook-id']);
const types = () =>
  receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);

describe('a receiver', () => {
  test('that is down, then answers 500, then 200 gets the same message, and every attempt is listed', async () => {
    const { db } = stores;
    const port = await freePort();
    await addChannel(db, monitor.ownerId, {
      settings: { url: `http://127.0.0.1:${port}/`, secret: SECRET },
    });
    await check(OPEN);
    const sender = openSender(stores);
    await drain(sender);
    await db.channel.updateMany({ data: { settings: await settingsWith(receiver.url) } });
    receiver.answer(500);
    await passPauses(db);
    await drain(sender);
    receiver.answer(200);
    await passPauses(db);
    await drain(sender);
    const [row] = await readNotifications(db);
    expect(row).toMatchObject({ status: 'delivered', attempts: 3 });
    expect(row?.sendings.map(({ error, statusCode }) => [statusCode, error])).toEqual([
      [null, 'it refused the connection'],
      [500, 'it answered 500'],
      [200, null],
    ]);
    expect(ids()).toEqual([row?.id, row?.id]);
    expect(receiver.received[0]?.body).toBe(receiver.received[1]?.body);
  });

  test('is retried after growing pauses, and given up after a day', async () => {
    const { db } = stores;
    await addChannel(db, monitor.ownerId, { settings: { url: receiver.url } });
    await check(OPEN);
    receiver.answer(503);
    const sender = openSender(stores);
    let pauseMs = 0;
    for (let attempt = 1; attempt <= 10; attempt++) {
      await drain(sender);
      const [row] = await readNotifications(db);
      expect(row).toMatchObject({ status: 'pending', attempts: attempt });
      const pause = Number(row?.nextAttemptAt) - Date.now();
      expect(pause).toBeGreaterThan(pauseMs * 0.7);
      pauseMs = pause;
      await passPauses(db);
    }
    await drain(sender);
    expect((await readNotifications(db))[0]).toMatchObject({ status: 'dead', attempts: 11 });
    await drain(sender);
    expect(receiver.received).toHaveLength(11);
  });

  test('that answers 410 gets no more, and its channel says why it is disabled', async () => {
    const { db } = stores;
    const id = await addChannel(db, monitor.ownerId, { settings: { url: receiver.url } });
    await check(OPEN);
    receiver.answer(410);
    const sender = openSender(stores);
    await drain(sender);
    receiver.answer(200);
    await check(RESOLVE + OPEN);
    await drain(sender);
    expect(receiver.received).toHaveLength(1);
    const channel = await db.channel.findUniqueOrThrow({ where: { id } });
    expect(channel).toMatchObject({
      enabled: false,
      disabledReason: expect.stringContaining('410'),
    });
    expect(
      (await readNotifications(db)).map(({ status, sendings }) => [
        status,
        sendings[0]?.statusCode,
      ]),
    ).toEqual([['dropped', 410]]);
  });

  test('may ask for a longer pause', async () => {
    await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url } });
    await check(OPEN);
    receiver.answer(429, { 'retry-after': '900' });
    await drain(openSender(stores));
    const [row] = await readNotifications(stores.db);
    expect(Number(row?.nextAttemptAt) - Date.now()).toBeGreaterThan(890_000);
  });

  test('that redirects is not followed', async () => {
    const elsewhere = await startReceiver();
    await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url } });
    await check(OPEN);
    receiver.answer(307, { location: elsewhere.url });
    await drain(openSender(stores));
    await elsewhere.stop();
    expect(elsewhere.received).toEqual([]);
    expect((await readNotifications(stores.db))[0]?.sendings[0]?.error).toContain(
      'enter the final address',
    );
  });

  test('is not reached at a forbidden address', async () => {
    await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url } });
    await check(OPEN);
    await drain(openSender(stores, { networks: '' }));
    expect(receiver.received).toEqual([]);
    expect((await readNotifications(stores.db))[0]?.sendings[0]?.error).toBe(
      'its address is not allowed',
    );
  });

  test('that never answers delays no other', async () => {
    const { db } = stores;
    const slow = await startReceiver();
    slow.answer(0);
    for (let n = 0; n < 12; n++)
      await addChannel(db, monitor.ownerId, { settings: { url: slow.url } });
    await addChannel(db, monitor.ownerId, { settings: { url: receiver.url } });
    await check(OPEN);
    const { sender } = openSender(stores, { deadlineMs: 3000 });
    await sender.runOnce();
    await delivered(1); // Until then the end of the alert waits for its opening.
    await check(RESOLVE);
    await sender.runOnce();
    await received(2);
    expect(types()).toEqual(['alert.opened', 'alert.resolved']);
    await sender.idle();
    await slow.stop();
  });

  test('that never answers has a limited number of attempts in flight', async () => {
    const { db } = stores;
    receiver.answer(0);
    const channelId = await addChannel(db, monitor.ownerId, { settings: { url: receiver.url } });
    await check(OPEN);
    const [alert] = await db.alert.findMany();
    const told = { ...alert, openedAt: alert?.openedAt.toISOString() };
    const content = { monitor, alert: told, lastChecks: [] } as object;
    const more = Array.from({ length: 30 }, () => ({
      id: randomUUID(),
      alertId: randomUUID(),
      monitorId: monitor.id,
      channelId,
      content,
    }));
    await db.notification.createMany({
      data: more.map((row) => ({ ...row, transition: 'opened' as const })),
    });
    const { sender } = openSender(stores, { deadlineMs: 1000 });
    for (let n = 0; n < 4; n++) await sender.runOnce();
    await received(8);
    expect(receiver.received).toHaveLength(8);
    await sender.idle();
  });
});

/** Waits for the receiver, not for the clock. */
async function received(count: number): Promise<void> {
  for (let n = 0; n < 1000 && receiver.received.length < count; n++)
    await stores.db.$queryRaw`SELECT 1`;
}

/** Waits for what the sender records, not for the clock. */
async function delivered(count: number): Promise<void> {
  const counted = () => stores.db.notification.count({ where: { status: 'delivered' } });
  for (let n = 0; n < 1000 && (await counted()) < count; n++);
}

const settingsWith = async (url: string) => {
  const [channel] = await stores.db.channel.findMany();
  return { ...(channel?.settings as object), url };
};
