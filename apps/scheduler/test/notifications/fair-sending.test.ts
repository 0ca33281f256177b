import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openStores } from '../fixtures.ts';
import { addChannel, addMonitor, openSender, startReceiver, type Receiver } from './notifying.ts';

const DEADLINE_MS = 10_000;

let stores: Awaited<ReturnType<typeof openStores>>;
let receiver: Receiver;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.user.deleteMany();
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

/** A user with this many channels to `url`, each with this many messages due since `dueAt`. */
async function addBacklog(
  url: string,
  channels: number,
  messages: number,
  dueAt: Date,
): Promise<void> {
  const { db } = stores;
  const monitor = await addMonitor(db);
  const alert = {
    id: randomUUID(),
    openedAt: dueAt.toISOString(),
    resolvedAt: null,
    failures: 3,
    threshold: 2,
    windowSeconds: 300,
  };
  const content = {
    monitor: { id: monitor.id, name: 'm', url: 'http://target.test/' },
    alert,
    lastChecks: [],
  };
  for (let n = 0; n < channels; n++) {
    const channelId = await addChannel(db, monitor.ownerId, { settings: { url } });
    const rows = Array.from({ length: messages }, () => {
      const place = { id: randomUUID(), channelId, monitorId: monitor.id, alertId: randomUUID() };
      return {
        ...place,
        transition: 'opened' as const,
        content,
        createdAt: dueAt,
        nextAttemptAt: dueAt,
      };
    });
    await db.notification.createMany({ data: rows });
  }
}

/** Runs a sender until `isDone`; returns the milliseconds it took. */
async function sendUntil(isDone: () => boolean): Promise<number> {
  const { sender } = openSender(stores, { deadlineMs: DEADLINE_MS });
  const startedAt = performance.now();
  while (!isDone() && performance.now() - startedAt < DEADLINE_MS) await sender.runOnce();
  return performance.now() - startedAt;
}

const anHourAgo = () => new Date(Date.now() - 3_600_000);

test('a message does not wait for hanging receivers of twenty other users', async () => {
  const hanging = await startReceiver();
  hanging.answer(0);
  for (let user = 0; user < 20; user++) await addBacklog(hanging.url, 10, 50, anHourAgo());
  const begun = sendUntil(() => receiver.received.length > 0);
  for (let n = 0; hanging.received.length < 200 && n < 10_000; n++)
    await stores.db.$queryRaw`SELECT 1`;
  await addBacklog(receiver.url, 1, 1, new Date());
  const tookMs = await begun;
  expect(receiver.received).toHaveLength(1);
  expect(tookMs).toBeLessThan(DEADLINE_MS / 2);
  await hanging.stop();
});

test('a message does not wait for thousands of older messages of another user', async () => {
  await addBacklog(`${receiver.url}/many`, 10, 300, anHourAgo());
  await addBacklog(`${receiver.url}/one`, 1, 1, new Date());
  const one = () => receiver.received.findIndex(({ path }) => path === '/one');
  await sendUntil(() => one() >= 0);
  expect(one()).toBeGreaterThanOrEqual(0);
  expect(one()).toBeLessThan(200);
});

test('the channels of a user take turns', async () => {
  const { db } = stores;
  await addBacklog(`${receiver.url}/many`, 1, 300, anHourAgo());
  const { ownerId } = await db.channel.findFirstOrThrow();
  await addBacklog(`${receiver.url}/one`, 1, 1, new Date());
  await db.channel.updateMany({ data: { ownerId } });
  const one = () => receiver.received.findIndex(({ path }) => path === '/one');
  await sendUntil(() => one() >= 0);
  expect(one()).toBeGreaterThanOrEqual(0);
  expect(one()).toBeLessThan(40);
});
