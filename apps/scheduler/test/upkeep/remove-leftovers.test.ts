import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { addReminders, claimNotifications, dropWaiting } from '@gomon/persistence';
import { removeLeftovers } from '../../src/upkeep/remove-leftovers.ts';
import { openStores } from '../fixtures.ts';
import { addChannel, addMonitor } from '../notifications/notifying.ts';

const ALERTS = 3000;

let stores: Awaited<ReturnType<typeof openStores>>;
let monitor: Awaited<ReturnType<typeof addMonitor>>;
let channelId: string;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.$executeRaw`TRUNCATE users, alerts, notifications, leftovers CASCADE`;
  monitor = await addMonitor(stores.db);
  channelId = await addChannel(stores.db, monitor.ownerId, {
    settings: { url: 'http://receiver.test/' },
  });
});

/** Alerts of the monitor, each with a due notification and an attempt. */
async function addAlerts(count = ALERTS): Promise<void> {
  const { id, ownerId } = monitor;
  await stores.db.$executeRaw`
    INSERT INTO alerts (id, user_id, monitor_id, opened_at, resolved_at, failures, threshold, window_seconds)
    SELECT gen_random_uuid(), ${ownerId}::uuid, ${id}::uuid, clock_timestamp(), CASE WHEN g > 1 THEN clock_timestamp() END, 3, 2, 300
    FROM generate_series(1, ${count}) g`;
  await stores.db.$executeRaw`
    INSERT INTO notifications (id, channel_id, monitor_id, alert_id, transition, content, created_at, next_attempt_at)
    SELECT gen_random_uuid(), ${channelId}::uuid, a.monitor_id, a.id, 'opened', '{}', clock_timestamp(), clock_timestamp() FROM alerts a
    WHERE a.monitor_id = ${id}::uuid`;
  await stores.db.$executeRaw`
    INSERT INTO notification_attempts (notification_id, number, started_at) SELECT id, 1, clock_timestamp() FROM notifications WHERE monitor_id = ${id}::uuid`;
}

const deleteMonitor = () => stores.db.monitor.delete({ where: { id: monitor.id } });
const run = () => removeLeftovers(stores.asScheduler);
const left = async () => {
  const { db } = stores;
  return Promise.all([db.alert.count(), db.notification.count(), db.notificationAttempt.count()]);
};
const claim = () => {
  const limits = {
    limit: 10,
    channelLimit: 10,
    userLimit: 10,
    busyChannels: [],
    busyUsers: [],
    leaseSeconds: 60,
  };
  return claimNotifications(stores.asScheduler, limits);
};

test('removes everything of a deleted monitor, whichever schedulers run', async () => {
  await addAlerts();
  await deleteMonitor();
  expect(await left()).toEqual([ALERTS - 100, ALERTS - 100, ALERTS - 100]);
  await Promise.all([run(), run(), run()]);
  expect(await left()).toEqual([0, 0, 0]);
});

test('removes nothing of another monitor or channel', async () => {
  await addAlerts(5);
  const other = monitor;
  monitor = await addMonitor(stores.db);
  await addAlerts(1000);
  await deleteMonitor();
  await run();
  expect(
    await stores.db.alert.findMany({ select: { monitorId: true }, distinct: 'monitorId' }),
  ).toEqual([{ monitorId: other.id }]);
  expect((await left())[0]).toBe(5);
});

test('sends nothing and reminds nobody of a deleted monitor', async () => {
  await addAlerts();
  await stores.db.channel.update({ where: { id: channelId }, data: { remindEverySeconds: 60 } });
  await stores.db
    .$executeRaw`UPDATE notifications SET status = 'delivered', delivered_at = clock_timestamp() - interval '1 hour'
    WHERE alert_id IN (SELECT id FROM alerts WHERE resolved_at IS NULL)`;
  await stores.db.$executeRaw`UPDATE alerts SET id = id WHERE resolved_at IS NULL`; // So that it is the last that goes.
  await deleteMonitor();
  expect(await addReminders(stores.asScheduler)).toBe(0);
  expect(await claim()).toEqual([]);
});

test('never sends what waited when a channel was disabled, but sends what came later', async () => {
  await addAlerts();
  await dropWaiting(stores.asScheduler, channelId);
  expect(await claim()).toEqual([]);
  const later = randomUUID();
  await stores.db.$executeRaw`
    INSERT INTO notifications (id, channel_id, transition, content, created_at, next_attempt_at)
    VALUES (${later}::uuid, ${channelId}::uuid, 'test', '{}', clock_timestamp() + interval '1 second', clock_timestamp())`;
  expect((await claim()).map(({ id }) => id)).toEqual([later]);
  await run();
  expect(await stores.db.notification.count({ where: { status: 'dropped' } })).toBe(ALERTS);
  expect(await stores.db.leftover.count()).toBe(0);
});

test('removes rows written while their monitor was deleted on the next look', async () => {
  await deleteMonitor();
  await run();
  await addAlerts(1);
  await run();
  expect((await left())[0]).toBe(1);
  await stores.db
    .$executeRaw`UPDATE leftovers SET since = since - interval '11 minutes', look_at = look_at - interval '11 minutes'`;
  await run();
  expect(await left()).toEqual([0, 0, 0]);
  expect(await stores.db.leftover.count({ where: { kind: 'monitor' } })).toBe(0);
});
