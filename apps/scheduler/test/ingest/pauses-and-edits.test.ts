import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { MonitorSettings } from '@gomon/domain';
import { listAlerts, pauseMonitors, resumeMonitors, updateMonitor } from '@gomon/persistence';
import { ingestCheckResults } from '../../src/ingest/ingest-check-results.ts';
import { createRowBackedWindows } from '../../src/ingest/row-backed-windows.ts';
import { remindAndRelease } from '../../src/notifications/remind-and-release.ts';
import { openStores, result, secondsNow } from '../fixtures.ts';
import {
  addChannel,
  addMonitor,
  drain,
  openSender,
  startReceiver,
  type Receiver,
} from '../notifications/notifying.ts';

let stores: Awaited<ReturnType<typeof openStores>>;
let receiver: Receiver;
let monitor: Awaited<ReturnType<typeof addMonitor>>;
/** A minute ago: such results have slots before any change that a test makes. */
let start: number;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.user.deleteMany();
  receiver = await startReceiver();
  monitor = await addMonitor(stores.db, { threshold: 1, intervalSeconds: 10, windowSeconds: 300 });
  await addChannel(stores.db, monitor.ownerId, {
    settings: { url: receiver.url },
    remindEverySeconds: 1800,
  });
  start = secondsNow() - 60;
});
afterEach(() => receiver.stop());

async function ingest(
  slots: readonly number[],
  outcome: 'success' | 'failure',
  probeVersion?: number,
): Promise<void> {
  const windows = createRowBackedWindows([stores.redis], stores.db);
  const results = slots.map((slot) => ({
    ...result(monitor.id, slot, outcome),
    ...(probeVersion && { probeVersion }),
  }));
  await ingestCheckResults([{ shard: monitor.shard, job: { results } }], {
    ...stores,
    windows,
    retentionDays: 30,
  });
}

const change = (settings: Partial<MonitorSettings>) =>
  updateMonitor(stores.db, {
    ownerId: monitor.ownerId,
    id: monitor.id,
    accepts: () => true,
    settings: (stored) => Promise.resolve({ ...stored, ...settings }),
  });
/** As if all failures had left the window: from now on the rule allows many. */
async function ageOut(): Promise<void> {
  await change({ threshold: 20 });
  await ageBy(120);
  await ingest([secondsNow() - 1], 'success');
}
const alerts = () => listAlerts(stores.db, monitor.ownerId, { limit: 10 });
const rows = () =>
  stores.db.check.findMany({
    where: { shard: monitor.shard, monitorId: monitor.id },
    orderBy: { slot: 'asc' },
  });

interface Told {
  readonly type: string;
  readonly data: {
    readonly title: string;
    readonly text: string;
    readonly link: string | null;
    readonly alert: { readonly endedBy?: string };
  };
}
const told = () => receiver.received.map(({ body }) => JSON.parse(body) as Told);
async function send(): Promise<void> {
  await remindAndRelease(stores);
  await drain(openSender(stores));
}

/** Slots due at least a second after the change that was just made. */
const after = (n: number) => secondsNow() + n;
/** As if those seconds had passed: the database rejects results in its future. */
async function ageBy(seconds: number): Promise<void> {
  const by = `${seconds} seconds`;
  await stores.db.$executeRaw`
    UPDATE monitors SET window_since = window_since - ${by}::interval, rule_since = rule_since - ${by}::interval,
      active_since = active_since - ${by}::interval`;
}

describe('a pause', () => {
  test.each([
    ['alone', () => change({ paused: true })],
    ['of many monitors at once', () => pauseMonitors(stores.db, monitor.ownerId, [monitor.id])],
  ])(
    '%s ends an open alert at once, and says that no check saw the target recover',
    async (_, pause) => {
      await ingest([start, start + 10], 'failure');
      await send();
      await pause();
      expect(await alerts()).toMatchObject([{ endedBy: 'pause', resolvedAt: expect.any(Date) }]);
      await send();
      expect(told().map(({ type }) => type)).toEqual(['alert.opened', 'alert.resolved']);
      expect(told()[1]?.data).toMatchObject({
        title: expect.stringMatching(/^PAUSED: /),
        alert: { endedBy: 'pause' },
      });
      expect(told()[1]?.data.text).toContain('The monitor was paused.');
      expect((await alerts())[0]?.lastFailure).toMatchObject({
        slot: new Date((start + 10) * 1000),
        reason: 'timeout',
      });
      await send();
      expect(told()).toHaveLength(2);
    },
  );

  test('stores results in flight as they are, and they open no alert', async () => {
    await ingest([start], 'failure');
    await change({ paused: true });
    await ingest([start + 10, start + 20], 'failure');
    await send();
    expect(await alerts()).toEqual([]);
    expect((await rows()).map(({ outcome }) => outcome)).toEqual(['failure', 'failure', 'failure']);
    expect(told()).toEqual([]);
  });

  test('withdraws unsent notifications', async () => {
    await ingest([start, start + 10], 'failure');
    await change({ paused: true });
    await send();
    expect(told()).toEqual([]);
  });

  test('ends reminders', async () => {
    await ingest([start, start + 10], 'failure');
    await send();
    await change({ paused: true });
    await stores.db.notification.updateMany({
      data: { deliveredAt: new Date(Date.now() - 7_200_000) },
    });
    await send();
    expect(told().map(({ type }) => type)).toEqual(['alert.opened', 'alert.resolved']);
  });

  test.each([
    ['changing it', () => change({ paused: false })],
    ['resuming many', () => resumeMonitors(stores.db, monitor.ownerId, [monitor.id])],
  ])('starts a window of later checks only when resumed by %s', async (_, resume) => {
    await ingest([start, start + 10, start + 20], 'failure');
    await change({ paused: true });
    await resume();
    const slot = after(0);
    await ageBy(5);
    await ingest([slot], 'failure');
    expect((await alerts()).filter(({ resolvedAt }) => resolvedAt === null)).toEqual([]);
    await ingest([slot - 1], 'failure');
    expect((await alerts()).filter(({ resolvedAt }) => resolvedAt === null)).toMatchObject([
      { failures: 2 },
    ]);
  });
});

describe('deleting a monitor', () => {
  const remove = () => stores.db.monitor.delete({ where: { id: monitor.id } });

  test('notifies recipients of its open alert of the end, once, without a link to the deleted page', async () => {
    await ingest([start, start + 10], 'failure');
    await send();
    await remove();
    await send();
    await send();
    expect(told().map(({ type }) => type)).toEqual(['alert.opened', 'alert.resolved']);
    const [opened, ended] = told().map(({ data }) => data);
    expect(ended).toMatchObject({
      title: expect.stringMatching(/^DELETED: /),
      link: null,
      lastChecks: [],
    });
    expect(ended?.alert).toEqual({
      ...opened?.alert,
      endedBy: 'delete',
      resolvedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test('still notifies of an end from a pause just before', async () => {
    await ingest([start, start + 10], 'failure');
    await send();
    await change({ paused: true });
    await remove();
    await send();
    expect(told().map(({ data }) => data.alert.endedBy)).toEqual([undefined, 'delete']);
  });

  test('does not lose an end that waits for a retry', async () => {
    await ingest([start, start + 10], 'failure');
    await send();
    await ingest([start + 20], 'success');
    await ageOut();
    receiver.answer(503);
    await send();
    receiver.answer(200);
    await remove();
    await stores.db.notification.updateMany({
      where: { status: 'pending' },
      data: { nextAttemptAt: new Date(0) },
    });
    await send();
    expect(told().map(({ type }) => type)).toEqual([
      'alert.opened',
      'alert.resolved',
      'alert.resolved',
    ]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  });

  test('notifies of no alert that was unsent or is over', async () => {
    await ingest([start, start + 10], 'failure');
    await remove();
    await send();
    expect(told()).toEqual([]);
  });
});

describe('a change of what is probed', () => {
  test('makes results of earlier settings unknown, and they open no alert', async () => {
    await ingest([start], 'failure');
    await change({ settings: { url: 'http://other.test/' } });
    await ingest([start + 10, start + 20], 'failure');
    await ingest([start + 30], 'failure', 2);
    expect(
      (await rows()).map(({ outcome, reason, statusCode }) => [outcome, reason, statusCode]),
    ).toEqual([
      ['failure', 'timeout', null],
      ['unknown', 'superseded', null],
      ['unknown', 'superseded', null],
      ['failure', 'timeout', null],
    ]);
    expect(await alerts()).toEqual([]);
    const [rollup] = await stores.db.rollup.findMany({ where: { monitorId: monitor.id } });
    expect(rollup).toMatchObject({ unknown: expect.any(Number) });
  });

  test('keeps an open alert until the new settings succeed, whatever failed before', async () => {
    await ingest([start, start + 10, start + 20], 'failure');
    await change({ settings: { url: 'http://other.test/' } });
    await ingest([start + 30], 'success');
    expect(await alerts()).toMatchObject([{ resolvedAt: null }]);
    const slot = after(0);
    await ageBy(5);
    await ingest([slot - 1], 'failure', 2);
    expect(await alerts()).toMatchObject([{ resolvedAt: null }]);
    await ingest([slot], 'success', 2);
    expect(await alerts()).toMatchObject([{ resolvedAt: new Date(slot * 1000), endedBy: null }]);
  });

  test('notifies of an opening with the URL that failed', async () => {
    await ingest([start, start + 10], 'failure');
    await change({ settings: { url: 'http://other.test/' } });
    await send();
    expect(told()[0]?.data.text).toContain('URL: http://target.test/');
  });

  test('that changes only the name leaves results in flight as they are', async () => {
    await change({ name: 'Another name', intervalSeconds: 20 });
    await ingest([start, start + 10], 'failure');
    expect(await alerts()).toMatchObject([{ resolvedAt: null }]);
  });
});

test('an alert keeps the check that opened it and the last one that failed', async () => {
  await ingest([start, start + 10], 'failure');
  await ingest([start + 20], 'failure');
  const [opened, last] = [start + 10, start + 20].map((slot) => ({
    slot: new Date(slot * 1000),
    reason: 'timeout',
    statusCode: null,
  }));
  expect(await alerts()).toMatchObject([{ openedBy: opened, lastFailure: last }]);
  await change({ threshold: 5 });
  await ageBy(120);
  await ingest([start + 30], 'success');
  expect(await alerts()).toMatchObject([
    { openedBy: opened, lastFailure: last, resolvedAt: expect.any(Date) },
  ]);
});
