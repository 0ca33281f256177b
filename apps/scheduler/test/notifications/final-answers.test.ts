import { describe, expect, test } from '@jest/globals';
import { CHANNEL_KINDS, specOf, type ChannelKind, type SettingsOf } from '@gomon/channels';
import {
  OPEN,
  RESOLVE,
  addChannel,
  addMonitor,
  drain,
  openChecks,
  readNotifications,
  setUpNotifying,
  type Notifying,
} from './notifying.ts';

let { stores, receiver, sender, monitor, check } = {} as Notifying;
setUpNotifying((opened) => ({ stores, receiver, sender, monitor, check } = opened));

/** Valid settings by which this receiver is reached. */
function settingsOf(kind: ChannelKind): SettingsOf<ChannelKind> {
  const { addresses, example } = specOf(kind);
  return {
    ...example,
    ...Object.fromEntries(addresses.map((name) => [name, receiver.url])),
  } as SettingsOf<ChannelKind>;
}

describe('a final answer', () => {
  test.each(CHANNEL_KINDS.filter((kind) => !specOf(kind).hasRecipients))(
    'from %s ends the message at once, and the end of the alert is still sent',
    async (kind) => {
      await addChannel(stores.db, monitor.ownerId, { kind, settings: settingsOf(kind) });
      receiver.answer(404);
      await check(OPEN);
      await drain(sender);
      receiver.answer(200);
      await check(RESOLVE);
      await drain(sender);
      expect(await readNotifications(stores.db)).toMatchObject([
        {
          transition: 'opened',
          status: 'dead',
          attempts: 1,
          sendings: [{ statusCode: 404, error: expect.stringContaining('nothing is at this URL') }],
        },
        { transition: 'resolved', status: 'delivered', attempts: 1 },
      ]);
      expect(await stores.db.channel.findFirst()).toMatchObject({ enabled: true });
    },
  );

  test.each([300, 301, 302, 303, 304, 307, 308])(
    'with status %d asks for the final address',
    async (status) => {
      expect(await answered(status)).toMatchObject({
        status: 'dead',
        sendings: [
          { error: `it answered ${status}: redirects are not followed; enter the final address` },
        ],
      });
    },
  );

  test.each([
    400, 401, 402, 403, 405, 406, 411, 413, 414, 415, 417, 422, 426, 428, 431, 451, 501, 505,
  ])('is %d', async (status) => {
    expect(await answered(status)).toMatchObject({ status: 'dead', attempts: 1 });
  });
});

test('an answer that says when to retry is retried, whatever its status', async () => {
  expect(await answered(413, { 'retry-after': '60' })).toMatchObject({
    status: 'pending',
    attempts: 1,
  });
});

test.each([408, 409, 421, 423, 424, 425, 429, 500, 502, 503, 504, 507, 520, 530])(
  'an answer of %d is retried',
  async (status) => {
    expect(await answered(status)).toMatchObject({ status: 'pending', attempts: 1 });
  },
);

/** The notification of an opening whose receiver gives this answer. */
async function answered(status: number, headers: Record<string, string> = {}) {
  await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url } });
  receiver.answer(status, headers);
  await check(OPEN);
  await drain(sender);
  return (await readNotifications(stores.db))[0];
}

describe('an overloaded receiver', () => {
  const secondsUntilNext = async () =>
    (Number((await readNotifications(stores.db))[0]?.nextAttemptAt) - Date.now()) / 1000;

  test.each([
    ['a date', { 'retry-after': () => new Date(Date.now() + 900_000).toUTCString() }],
    ['seconds', { 'retry-after': () => '900' }],
    ['the field of Discord', { 'x-ratelimit-reset-after': () => '900.5' }],
  ])('gets the pause that it asks for by %s', async (_, fields) => {
    await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url } });
    receiver.answer(
      429,
      Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value()])),
    );
    await check(OPEN);
    await drain(sender);
    expect(await secondsUntilNext()).toBeGreaterThan(890);
  });

  test('gets the pause that its body asks for, as with Telegram', async () => {
    await addChannel(stores.db, monitor.ownerId, {
      kind: 'telegram',
      settings: { botToken: '123:abc', chatId: '-100' },
    });
    receiver.answer(429, {}, '{"ok":false,"error_code":429,"parameters":{"retry_after":900}}');
    await check(OPEN);
    await drain(sender);
    expect(await secondsUntilNext()).toBeGreaterThan(890);
  });

  test('gets the pause from all messages of its channel, and no other channel waits', async () => {
    const paused = await addChannel(stores.db, monitor.ownerId, {
      settings: { url: `${receiver.url}/paused` },
    });
    receiver.answer(429, { 'retry-after': '900' });
    await check(OPEN);
    await drain(sender);
    receiver.answer(200);
    const other = await addMonitor(stores.db, {
      intervalSeconds: 10,
      threshold: 1,
      windowSeconds: 60,
    });
    await stores.db.channel.update({ where: { id: paused }, data: { ownerId: other.ownerId } });
    await addChannel(stores.db, other.ownerId, { settings: { url: `${receiver.url}/free` } });
    await openChecks(stores, other)(OPEN);
    await drain(sender);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/paused', '/free']);
    await stores.db.channel.updateMany({ data: { pausedUntil: new Date() } });
    await drain(sender);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/paused', '/free', '/paused']);
  });

  test('gets a pause of at most an hour', async () => {
    await addChannel(stores.db, monitor.ownerId, { settings: { url: receiver.url } });
    receiver.answer(503, { 'retry-after': new Date(Date.now() + 86_400_000).toUTCString() });
    await check(OPEN);
    await drain(sender);
    expect(await secondsUntilNext()).toBeLessThanOrEqual(3600);
    expect(await secondsUntilNext()).toBeGreaterThan(3500);
  });
});
