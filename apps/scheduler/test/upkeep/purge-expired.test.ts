import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { PURGED_AT_ONCE } from '@gomon/persistence';
import { purgeExpired } from '../../src/upkeep/purge-expired.ts';
import { openStores } from '../fixtures.ts';
import { addChannel, addMonitor } from '../notifications/notifying.ts';

const RETENTION_DAYS = 30;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

let stores: Awaited<ReturnType<typeof openStores>>;
let monitor: Awaited<ReturnType<typeof addMonitor>>;
let channelId: string;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.user.deleteMany();
  monitor = await addMonitor(stores.db);
  channelId = await addChannel(stores.db, monitor.ownerId, {
    settings: { url: 'http://receiver.test/' },
  });
});

async function addAlert(openedAt: Date, resolvedAt: Date | null): Promise<string> {
  const { id: monitorId, ownerId } = monitor;
  const rule = { failures: 3, threshold: 2, windowSeconds: 300 };
  const { id } = await stores.db.alert.create({
    data: { id: randomUUID(), monitorId, ownerId, openedAt, resolvedAt, ...rule },
  });
  return id;
}

interface NotificationFixture {
  readonly alertId: string | null;
  readonly days: number;
  readonly position?: number;
  readonly transition?: 'opened' | 'resolved' | 'reminder' | 'test';
  readonly status?: 'pending' | 'held' | 'delivered' | 'dead' | 'dropped';
}

async function addNotification({
  alertId,
  days,
  position = 0,
  transition = 'opened',
  status = 'delivered',
}: NotificationFixture) {
  const data = {
    id: randomUUID(),
    channelId,
    monitorId: monitor.id,
    alertId,
    createdAt: daysAgo(days),
    position,
    transition,
  };
  const { id } = await stores.db.notification.create({ data: { ...data, status, attempts: 1 } });
  await stores.db.notificationAttempt.create({
    data: { notificationId: id, number: 1, startedAt: daysAgo(days) },
  });
  return id;
}

const purge = () => purgeExpired(stores.asScheduler, RETENTION_DAYS);
const notificationIds = async () =>
  (await stores.db.notification.findMany()).map(({ id }) => id).sort();

test('removes notifications of alerts resolved long ago, with their attempts', async () => {
  const alertId = await addAlert(daysAgo(40), daysAgo(35));
  await addNotification({ alertId, days: 40 });
  await addNotification({ alertId, days: 35, position: 1, transition: 'resolved', status: 'dead' });
  await addNotification({ alertId: randomUUID(), days: 31 });
  await addNotification({ alertId: null, days: 31, transition: 'test' });
  await purge();
  expect(await notificationIds()).toEqual([]);
  expect(await stores.db.notificationAttempt.count()).toBe(0);
});

test('keeps notifications that are recent, waiting, or of a recent alert', async () => {
  const [open, ended] = [
    await addAlert(daysAgo(40), null),
    await addAlert(daysAgo(60), daysAgo(2)),
  ];
  const kept = [
    await addNotification({ alertId: await addAlert(daysAgo(29), daysAgo(28)), days: 29 }),
    await addNotification({ alertId: randomUUID(), days: 40, status: 'held' }),
    await addNotification({ alertId: open, days: 40 }),
    await addNotification({ alertId: ended, days: 60 }),
    await addNotification({ alertId: open, days: 31, position: 2, transition: 'reminder' }),
  ];
  await addNotification({ alertId: open, days: 32, position: 1, transition: 'reminder' });
  await purge();
  expect(await notificationIds()).toEqual(kept.sort());
});

test('keeps alerts as long as bars show them, gaps as long as rows', async () => {
  const kept = [await addAlert(daysAgo(500), null), await addAlert(daysAgo(90), daysAgo(89))];
  await addAlert(daysAgo(93), daysAgo(92));
  const gap = (days: number) => ({ shard: 0, fromSlot: daysAgo(days), throughSlot: daysAgo(days) });
  await stores.db.gap.createMany({ data: [gap(40), gap(31), gap(29)] });
  await purge();
  expect((await stores.db.alert.findMany()).map(({ id }) => id).sort()).toEqual(kept.sort());
  expect(await stores.db.gap.count()).toBe(1);
});

test('removes several batches in one run, also with several schedulers', async () => {
  const rows = Array.from({ length: 2 * PURGED_AT_ONCE + 7 }, () => {
    return {
      id: randomUUID(),
      channelId,
      transition: 'test' as const,
      status: 'delivered' as const,
      createdAt: daysAgo(31),
    };
  });
  await stores.db.notification.createMany({ data: rows });
  await Promise.all([purge(), purge()]);
  await purge();
  expect(await notificationIds()).toEqual([]);
});
