import { randomUUID } from 'node:crypto';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';
import { growMaintenance } from '../../src/upkeep/grow-maintenance.ts';
import { remindAndRelease } from '../../src/notifications/remind-and-release.ts';
import { enqueueNotifications } from '../../src/notifications/enqueue.ts';
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
let channelId: string;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.user.deleteMany();
  receiver = await startReceiver();
  monitor = await addMonitor(stores.db);
  channelId = await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url } });
});
afterEach(() => receiver.stop());

const types = () =>
  receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);

/** Opens an alert, as reconciling does. Returns a function that resolves it. */
async function open(): Promise<() => Promise<void>> {
  const id = randomUUID();
  const row = {
    id,
    monitorId: monitor.id,
    ownerId: monitor.ownerId,
    openedAt: new Date(),
    failures: 3,
    threshold: 2,
    windowSeconds: 300,
  };
  const told = { id, monitorId: monitor.id };
  await stores.db.$transaction(async (tx) => {
    await tx.alert.create({ data: row });
    await enqueueNotifications(tx, [{ ...told, status: 'open', isNew: true }]);
  });
  return () =>
    stores.db.$transaction(async (tx) => {
      await tx.alert.update({ where: { id }, data: { resolvedAt: new Date() } });
      await enqueueNotifications(tx, [{ ...told, status: 'resolved', isNew: false }]);
    });
}

/** A maintenance window that is on now. Returns a function that ends it. */
async function maintain(
  monitorId: string | null = monitor.id,
  ownerId = monitor.ownerId,
): Promise<() => Promise<unknown>> {
  const id = randomUUID();
  const [from, until] = [-60, 3600].map((seconds) => new Date(Date.now() + seconds * 1000)) as [
    Date,
    Date,
  ];
  const rule = {
    startsAt: from,
    durationSeconds: 3660,
    rrule: null,
    timeZone: 'UTC',
    spansThrough: new Date('9999-01-01'),
  };
  await stores.db.maintenanceWindow.create({ data: { id, ownerId, monitorId, name: id, ...rule } });
  await stores.db.maintenanceSpan.create({ data: { windowId: id, fromAt: from, untilAt: until } });
  return () =>
    stores.db.maintenanceSpan.updateMany({
      where: { windowId: id },
      data: { untilAt: new Date(Date.now() - 1000) },
    });
}

async function send(): Promise<void> {
  await remindAndRelease(stores);
  await drain(openSender(stores));
}

describe('in a maintenance window', () => {
  test.each([['of the monitor'], ['of all monitors']])(
    '%s an opening is held back, and sent after it',
    async (whose) => {
      const end = await maintain(whose === 'of the monitor' ? monitor.id : null);
      await open();
      await send();
      expect(types()).toEqual([]);
      expect((await readNotifications(stores.db))[0]?.status).toBe('held');
      await end();
      await send();
      expect(types()).toEqual(['alert.opened']);
    },
  );

  test('an alert that opens and resolves is never sent', async () => {
    const end = await maintain();
    const resolve = await open();
    await resolve();
    await end();
    await send();
    expect(types()).toEqual([]);
    expect((await readNotifications(stores.db)).map(({ status }) => status)).toEqual(['dropped']);
  });

  test('the end of an alert sent before the window is sent after it', async () => {
    const resolve = await open();
    await send();
    const end = await maintain();
    await resolve();
    await send();
    expect(types()).toEqual(['alert.opened']);
    await end();
    await send();
    expect(types()).toEqual(['alert.opened', 'alert.resolved']);
  });

  test('nothing of another monitor or user is held back', async () => {
    const other = await addMonitor(stores.db);
    await maintain(other.id, other.ownerId);
    await maintain(null, other.ownerId);
    await open();
    await send();
    expect(types()).toEqual(['alert.opened']);
  });
});

test('an end does not wait behind a reminder that cannot be delivered', async () => {
  await stores.db.channel.update({ where: { id: channelId }, data: { remindEverySeconds: 600 } });
  const resolve = await open();
  await send();
  await stores.db.notification.updateMany({
    data: { deliveredAt: new Date(Date.now() - 601_000) },
  });
  receiver.answer(500);
  await send();
  receiver.answer(200);
  await resolve();
  await send();
  expect(types()).toEqual(['alert.opened', 'alert.reminder', 'alert.resolved']);
  expect((await readNotifications(stores.db)).map(({ status }) => status)).toEqual([
    'delivered',
    'dropped',
    'delivered',
  ]);
});

describe('reminders', () => {
  const delivered = (secondsAgo: number) =>
    stores.db.notification.updateMany({
      where: { status: 'delivered' },
      data: { deliveredAt: new Date(Date.now() - secondsAgo * 1000) },
    });

  test('come while an alert stays open, one per pause, and stop when it ends', async () => {
    await stores.db.channel.update({ where: { id: channelId }, data: { remindEverySeconds: 600 } });
    const resolve = await open();
    await send();
    await send();
    expect(types()).toEqual(['alert.opened']);
    await delivered(601);
    await Promise.all([remindAndRelease(stores), remindAndRelease(stores)]);
    await send();
    expect(types()).toEqual(['alert.opened', 'alert.reminder']);
    await resolve();
    await delivered(601);
    await send();
    expect(types()).toEqual(['alert.opened', 'alert.reminder', 'alert.resolved']);
  });

  test('come only when enabled, and not for acknowledged alerts', async () => {
    await open();
    await send();
    await delivered(100_000);
    await send();
    await stores.db.channel.update({ where: { id: channelId }, data: { remindEverySeconds: 600 } });
    await stores.db.alert.updateMany({ data: { acknowledgedAt: new Date() } });
    await send();
    expect(types()).toEqual(['alert.opened']);
  });
});

test('recurring windows have their spans a week ahead, each once', async () => {
  const [startsAt, spansThrough] = [-29.9, -1].map(
    (days) => new Date(Date.now() + days * 86_400_000),
  ) as [Date, Date];
  const rule = {
    startsAt,
    durationSeconds: 3600,
    rrule: 'FREQ=DAILY',
    timeZone: 'UTC',
    spansThrough,
  };
  await stores.db.maintenanceWindow.create({
    data: { id: randomUUID(), ownerId: monitor.ownerId, name: 'daily', ...rule },
  });
  const onFault = jest.fn<(what: string, error: Error) => void>();
  for (let n = 0; n < 2; n++) {
    await growMaintenance({ db: stores.db, onFault });
    expect(await stores.db.maintenanceSpan.count()).toBe(9);
  }
  expect(onFault).not.toHaveBeenCalled();
});

test('a window with a rule that cannot be expanded is reported, and other windows get their spans', async () => {
  const startsAt = new Date(Date.now() - 999.9 * 86_400_000);
  const rule = {
    startsAt,
    durationSeconds: 3600,
    timeZone: 'UTC',
    spansThrough: new Date(Date.now() - 86_400_000),
  };
  const rules = { '0': 'FREQ=DAILY;UNTIL=20990101T000000', '1': 'FREQ=DAILY' };
  for (const [digit, rrule] of Object.entries(rules)) {
    const id = randomUUID().replace(/^./, digit);
    await stores.db.maintenanceWindow.create({
      data: { id, ownerId: monitor.ownerId, name: digit, ...rule, rrule },
    });
  }
  const onFault = jest.fn<(what: string, error: Error) => void>();
  await growMaintenance({ db: stores.db, onFault });
  expect(await stores.db.maintenanceSpan.count()).toBe(9);
  expect(onFault.mock.calls).toEqual([
    [expect.stringContaining('cannot be expanded'), expect.any(Error)],
  ]);
});
