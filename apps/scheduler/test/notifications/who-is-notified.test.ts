import { describe, expect, test } from '@jest/globals';
import { updateChannel } from '@gomon/persistence';
import { ingestCheckResults } from '../../src/ingest/ingest-check-results.ts';
import { createRowBackedWindows } from '../../src/ingest/row-backed-windows.ts';
import { remindAndRelease } from '../../src/notifications/remind-and-release.ts';
import { result } from '../fixtures.ts';
import {
  OPEN,
  RESOLVE,
  addChannel,
  addMonitor,
  drain,
  openChecks,
  passPauses,
  setUpNotifying,
  type Notifying,
} from './notifying.ts';

let { stores, receiver, sender, monitor, check } = {} as Notifying;
setUpNotifying((opened) => ({ stores, receiver, sender, monitor, check } = opened));

const add = (path: string, more = {}) =>
  addChannel(stores.db, monitor.ownerId, { settings: { url: `${receiver.url}/${path}` }, ...more });
const heard = (path: string) =>
  receiver.received
    .filter((message) => message.path === `/${path}`)
    .map(({ body }) => (JSON.parse(body) as { type: string }).type.replace('alert.', ''));
const change = (
  id: string,
  changes: { enabled?: boolean; isDefault?: boolean; remindEverySeconds?: number },
) =>
  updateChannel(stores.db, {
    ownerId: monitor.ownerId,
    id,
    accepts: () => true,
    choice: async (stored) => ({ ...stored, ...changes }),
  });
const attach = (channelId: string) =>
  stores.db.monitorChannel.create({ data: { monitorId: monitor.id, channelId } });

/** A result that arrives late. */
async function checkAt(slot: number, outcome: 'success' | 'failure'): Promise<void> {
  const windows = createRowBackedWindows([stores.redis], stores.db);
  const job = { results: [result(monitor.id, slot, outcome)] };
  await ingestCheckResults([{ shard: monitor.shard, job }], {
    ...stores,
    windows,
    retentionDays: 30,
  });
}

describe('a channel added while an alert is open', () => {
  const ways: Record<string, () => Promise<() => Promise<unknown>>> = {
    'by being attached': async () => {
      const id = await add('late', { isDefault: false });
      return () => attach(id);
    },
    'by being made a default': async () => {
      const id = await add('late', { isDefault: false });
      return () => change(id, { isDefault: true });
    },
    'by being made': async () => () => add('late'),
    'by being enabled again': async () => {
      const id = await add('late');
      await change(id, { enabled: false });
      return () => change(id, { enabled: true });
    },
  };

  test.each(Object.entries(ways))('%s gets later alerts only', async (_, prepare) => {
    await add('early');
    const come = await prepare();
    await check(OPEN);
    await come();
    await drain(sender);
    await check(RESOLVE);
    await drain(sender);
    expect([heard('early'), heard('late')]).toEqual([['opened', 'resolved'], []]);
    await check(OPEN + RESOLVE);
    await drain(sender);
    expect(heard('late')).toEqual(['opened', 'resolved']);
  });

  test('gets nothing of it when late results move, end or prolong it', async () => {
    await check('+');
    const opened = await check(OPEN);
    await add('late');
    await checkAt(opened - 30, 'failure');
    expect(await stores.db.alert.findMany()).toMatchObject([
      { openedAt: new Date((opened - 10) * 1000) },
    ]);
    const resolved = await check(RESOLVE);
    for (const ago of [45, 35, 25]) await checkAt(resolved - ago, 'failure');
    await drain(sender);
    expect(heard('late')).toEqual([]);
  });
});

test('an alert that opens and resolves at once is sent, both times, to current channels', async () => {
  await add('early');
  const windows = createRowBackedWindows([stores.redis], stores.db);
  const slot = Math.floor(Date.now() / 1000) - 1200;
  const first = slot - ((slot - monitor.phase) % 10);
  const outcomes = [...(OPEN + RESOLVE)].map((sign) => (sign === '+' ? 'success' : 'failure'));
  const job = {
    results: outcomes.map((outcome, i) => result(monitor.id, first + 10 * i, outcome)),
  };
  await ingestCheckResults([{ shard: monitor.shard, job }], {
    ...stores,
    windows,
    retentionDays: 30,
  });
  await drain(sender);
  expect(heard('early')).toEqual(['opened', 'resolved']);
});

describe('a channel that its owner disables while an alert is open', () => {
  test('gets the end of alerts it was notified of, and nothing else', async () => {
    const id = await add('hook', { remindEverySeconds: 600 });
    await check(OPEN);
    await drain(sender);
    await change(id, { enabled: false });
    await stores.db.notification.updateMany({
      data: { deliveredAt: new Date(Date.now() - 601_000) },
    });
    await remindAndRelease(stores);
    await check(RESOLVE);
    await drain(sender);
    await check(OPEN + RESOLVE);
    await drain(sender);
    expect(heard('hook')).toEqual(['opened', 'resolved']);
  });

  test('gets an end that was already on its way', async () => {
    const id = await add('hook');
    await check(OPEN);
    await drain(sender);
    await check(RESOLVE);
    await change(id, { enabled: false });
    await drain(sender);
    expect(heard('hook')).toEqual(['opened', 'resolved']);
  });

  test('gets an end also when it is unknown whether the opening arrived', async () => {
    const id = await add('hook');
    receiver.answer(503);
    await check(OPEN);
    await drain(sender);
    await change(id, { enabled: false });
    receiver.answer(200);
    await passPauses(stores.db);
    await check(RESOLVE);
    await drain(sender);
    expect(heard('hook')).toEqual(['opened', 'resolved']);
  });

  test('gets no end of an alert it was never notified of', async () => {
    const id = await add('hook');
    await check(OPEN);
    await change(id, { enabled: false });
    await check(RESOLVE);
    await drain(sender);
    expect(heard('hook')).toEqual([]);
  });

  test('gets nothing when its receiver answers that it wants no more', async () => {
    const id = await add('hook');
    const other = await addMonitor(stores.db, {
      intervalSeconds: 10,
      threshold: 1,
      windowSeconds: 60,
    });
    await stores.db.monitor.update({ where: { id: other.id }, data: { ownerId: monitor.ownerId } });
    const checkOther = openChecks(stores, other);
    await check(OPEN);
    await checkOther(OPEN);
    await drain(sender);
    await change(id, { enabled: false });
    receiver.answer(410);
    await check(RESOLVE);
    await drain(sender);
    receiver.answer(200);
    await checkOther(RESOLVE);
    await drain(sender);
    expect(heard('hook')).toEqual(['opened', 'opened', 'resolved']);
    expect(await stores.db.channel.findFirst()).toMatchObject({
      disabledReason: expect.stringContaining('410'),
    });
  });

  test('gets the end once when it is enabled again, and no missed opening', async () => {
    const id = await add('hook');
    await check(OPEN);
    await drain(sender);
    await change(id, { enabled: false });
    await check(RESOLVE + OPEN);
    await change(id, { enabled: true });
    await check(RESOLVE);
    await drain(sender);
    expect(heard('hook')).toEqual(['opened', 'resolved']);
  });
});

test('recipients of an alert that maintenance suppressed are notified when it opens again', async () => {
  await add('early');
  const window = {
    ownerId: monitor.ownerId,
    name: 'm',
    durationSeconds: 3600,
    timeZone: 'UTC',
    startsAt: new Date(0),
  };
  const id = crypto.randomUUID();
  await stores.db.maintenanceWindow.create({
    data: { ...window, id, spansThrough: new Date('9999-01-01') },
  });
  await stores.db.maintenanceSpan.create({
    data: { windowId: id, fromAt: new Date(0), untilAt: new Date(Date.now() + 3_600_000) },
  });
  await check(OPEN);
  const resolved = await check(RESOLVE);
  expect((await stores.db.notification.findMany()).map(({ status }) => status)).toEqual([
    'dropped',
  ]);
  await add('late');
  await stores.db.maintenanceSpan.deleteMany();
  for (const ago of [15, 13]) await checkAt(resolved - ago, 'failure');
  expect(await stores.db.alert.findMany()).toMatchObject([{ resolvedAt: null }]);
  await drain(sender);
  expect([heard('early'), heard('late')]).toEqual([['opened'], []]);
});
