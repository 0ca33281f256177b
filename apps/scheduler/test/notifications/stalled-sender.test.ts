import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { claimNotifications } from '@gomon/persistence';
import { afterOwnTime } from '../../src/notifications/transports/after-own-time.ts';
import { makeAttempt } from '../../src/notifications/attempt.ts';
import { openStores } from '../fixtures.ts';
import {
  OPEN,
  addChannel,
  addMonitor,
  openChecks,
  openSender,
  readNotifications,
  encryption,
} from './notifying.ts';

const DEADLINE_MS = 1000;

let stores: Awaited<ReturnType<typeof openStores>>;
let monitor: Awaited<ReturnType<typeof addMonitor>>;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.user.deleteMany();
  monitor = await addMonitor(stores.db, { intervalSeconds: 10, threshold: 1, windowSeconds: 60 });
});

const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test('a receiver that answered during a stall of the sender gets the message once', async () => {
  const asked: ServerResponse[] = [];
  const receiver = createServer((request, response) => {
    request.resume();
    asked.push(response);
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  await addChannel(stores.db, monitor.ownerId, { settings: { url } });
  await openChecks(stores, monitor)(OPEN);
  const { sender, close } = openSender(stores, { deadlineMs: DEADLINE_MS });
  const requested = once(receiver, 'request');
  await sender.runOnce();
  await requested;
  standStill(2 * DEADLINE_MS);
  asked[0]?.writeHead(204).end();
  await sender.idle();
  expect(asked).toHaveLength(1);
  expect((await readNotifications(stores.db))[0]).toMatchObject({
    status: 'delivered',
    attempts: 1,
  });
  close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

test('a sender that stalled beyond its lease sends nothing', async () => {
  await addChannel(stores.db, monitor.ownerId, { settings: { url: 'http://127.0.0.1:1/' } });
  await openChecks(stores, monitor)(OPEN);
  const limits = {
    limit: 10,
    channelLimit: 10,
    userLimit: 10,
    busyChannels: [],
    busyUsers: [],
    leaseSeconds: 60,
  };
  const [claimed] = await claimNotifications(stores.db, limits);
  if (!claimed) throw new Error('nothing is due');
  const sent: string[] = [];
  const take = async (what: string) => {
    sent.push(what);
    return { statusCode: 200, error: null };
  };
  const outside = { post: take, sendMail: () => take('a mail'), telegramUrl: '', pagerdutyUrl: '' };
  const deps = { encryption, outside, publicUrl: '', stalls: { ownMs: () => performance.now() } };
  const ended = await makeAttempt(claimed, deps, performance.now() - 1);
  expect(ended.receipt.error).not.toBeNull();
  expect(sent).toEqual([]);
  await makeAttempt(claimed, deps, performance.now() + 60_000);
  expect(sent).toEqual(['http://127.0.0.1:1/']);
});

test('a deadline does not pass during a stall, except for its upper limit', async () => {
  const ends: string[] = [];
  const stillForever = { ownMs: () => 0 };
  const callOff = afterOwnTime({ stalls: stillForever, ms: 1 }, () =>
    ends.push('one that stands still for ever'),
  );
  await new Promise<void>((resolve) => {
    afterOwnTime({ stalls: stillForever, ms: 1, latestMs: 50 }, () => {
      ends.push('the latest moment');
      resolve();
    });
  });
  await new Promise<void>((resolve) =>
    afterOwnTime({ stalls: { ownMs: () => performance.now() }, ms: 1 }, resolve),
  );
  callOff();
  expect(ends).toEqual(['the latest moment']);
});
