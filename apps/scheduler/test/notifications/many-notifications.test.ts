import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { enqueueNotifications } from '../../src/notifications/enqueue.ts';
import { openStores } from '../fixtures.ts';
import {
  addChannel,
  addMonitor,
  drain,
  openSender,
  startReceiver,
  type Receiver,
} from './notifying.ts';

/** Set GOMON_TEST_ALERTS=10000 to get the figures in docs/notifications.md. */
const ALERTS = Number(process.env['GOMON_TEST_ALERTS'] ?? 1000);
const CHANNELS = 20;
const BATCH = 200;

let stores: Awaited<ReturnType<typeof openStores>>;
let receiver: Receiver;
beforeAll(async () => {
  stores = await openStores();
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.stop();
  await stores.close();
});

test(`${ALERTS} alerts that open at once are all sent at least once, with the same id and in order, in bounded memory`, async () => {
  const { db } = stores;
  const monitors = await Promise.all(Array.from({ length: CHANNELS }, () => addMonitor(db)));
  await Promise.all(
    monitors.map(({ ownerId }) => addChannel(db, ownerId, { settings: { url: receiver.url } })),
  );
  const alerts = Array.from({ length: ALERTS }, (_, n) => ({
    id: randomUUID(),
    monitor: monitors[n % CHANNELS] ?? { id: '', ownerId: '' },
  }));
  const rule = {
    openedAt: new Date(0),
    resolvedAt: new Date(60_000),
    failures: 3,
    threshold: 2,
    windowSeconds: 300,
  };
  for (let from = 0; from < ALERTS; from += BATCH) {
    const batch = alerts.slice(from, from + BATCH);
    await db.$transaction(async (tx) => {
      const rows = batch.map(({ id, monitor }) => ({
        id,
        monitorId: monitor.id,
        ownerId: monitor.ownerId,
        ...rule,
      }));
      await tx.alert.createMany({ data: rows });
      for (const status of ['open', 'resolved'] as const) {
        await enqueueNotifications(
          tx,
          batch.map(({ id, monitor }) => ({
            id,
            monitorId: monitor.id,
            status,
            isNew: status === 'open',
          })),
        );
      }
    });
  }
  const before = process.memoryUsage().rss;
  const startedAt = performance.now();
  await drain(openSender(stores));
  const seconds = (performance.now() - startedAt) / 1000;
  const grownMb = (process.memoryUsage().rss - before) / 1e6;
  if (process.env['GOMON_TEST_ALERTS'])
    console.log({ ALERTS, seconds, grownMb, repeated: receiver.received.length - 2 * ALERTS });

  const told = receiver.received.map(
    ({ body }) => JSON.parse(body) as { type: string; data: { id: string; alert: { id: string } } },
  );
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(2 * ALERTS); // A repetition is the same to the byte.
  const byAlert = Map.groupBy(told, ({ data }) => data.alert.id);
  expect(byAlert.size).toBe(ALERTS);
  for (const [, messages] of byAlert) {
    const first = new Map(messages.map(({ type, data }) => [data.id, type]));
    expect([...first.values()]).toEqual(['alert.opened', 'alert.resolved']);
  }
  expect(await db.notification.count({ where: { status: { not: 'delivered' } } })).toBe(0);
}, 300_000);
