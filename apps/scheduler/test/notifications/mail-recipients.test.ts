import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { remindAndRelease } from '../../src/notifications/remind-and-release.ts';
import {
  OPEN,
  RESOLVE,
  addChannel,
  drain,
  passPauses,
  readNotifications,
  setUpNotifying,
  type Notifying,
} from './notifying.ts';

const [ADA, BOB, EVE] = ['ada@monitor.test', 'bob@monitor.test', 'eve@monitor.test'] as const;

let { stores, smtp, sender, monitor, check } = {} as Notifying;
setUpNotifying((opened) => ({ stores, smtp, sender, monitor, check } = opened));

const addMailChannel = (to: readonly string[], more = {}) =>
  addChannel(stores.db, monitor.ownerId, { kind: 'email', settings: { to: [...to] }, ...more });
const confirm = (address: string) =>
  stores.db.emailAddress.create({
    data: { ownerId: monitor.ownerId, address, confirmedAt: new Date() },
  });
const setTo = (to: readonly string[]) =>
  stores.db.channel.updateMany({ data: { settings: { to: [...to] } } });
const subjectsOf = (address: string) =>
  smtp.mails
    .filter(({ to }) => to.includes(address))
    .map(({ text }) => /^Subject: (\w+)/m.exec(text)?.[1]);
const idsOf = (address: string) =>
  smtp.mails
    .filter(({ to }) => to.includes(address))
    .map(({ text }) => /^Message-ID: <(.+)@/m.exec(text)?.[1]);
const rowsOf = async (recipient: string) =>
  (await readNotifications(stores.db)).filter((row) => row.recipient === recipient);

describe('each address of a channel', () => {
  test('gets a separate email with a separate id', async () => {
    await addMailChannel([ADA, BOB]);
    await check(OPEN + RESOLVE);
    await drain(sender);
    expect(smtp.mails.every(({ to }) => to.length === 1)).toBe(true);
    for (const address of [ADA, BOB]) {
      expect(subjectsOf(address)).toEqual(['DOWN', 'RESOLVED']);
      expect(idsOf(address)).toEqual((await rowsOf(address)).map(({ id }) => id));
    }
    expect(new Set([...idsOf(ADA), ...idsOf(BOB)]).size).toBe(4);
  });

  test('that is greylisted gets the email later, and the others get it once', async () => {
    await addMailChannel([ADA, BOB]);
    smtp.answer(BOB, 450);
    await check(OPEN + RESOLVE);
    await drain(sender);
    expect(subjectsOf(ADA)).toEqual(['DOWN', 'RESOLVED']);
    const [waiting] = await rowsOf(BOB);
    expect(waiting).toMatchObject({
      status: 'pending',
      sendings: [{ statusCode: 450, error: 'the mail server answered 450' }],
    });
    smtp.answer(BOB, 250);
    await passPauses(stores.db);
    await drain(sender);
    expect(subjectsOf(BOB)).toEqual(['DOWN', 'RESOLVED']);
    expect(idsOf(BOB)[0]).toBe(waiting?.id);
    expect(subjectsOf(ADA)).toEqual(['DOWN', 'RESOLVED']);
  });

  test('that the mail server rejects permanently is given up at once, and delays nothing', async () => {
    await addMailChannel([ADA, 'nobody@monitor.test']);
    await check(OPEN + RESOLVE);
    await drain(sender);
    expect(subjectsOf(ADA)).toEqual(['DOWN', 'RESOLVED']);
    expect(await rowsOf('nobody@monitor.test')).toMatchObject([
      {
        status: 'dead',
        attempts: 1,
        sendings: [
          { error: 'the mail server answered 550: it does not accept mail for this address' },
        ],
      },
      { status: 'dead', attempts: 1 },
    ]);
  });

  test('gets nothing until it is confirmed', async () => {
    await addMailChannel([ADA, BOB], { isConfirmed: false });
    await confirm(ADA);
    await check(OPEN);
    await drain(sender);
    expect([subjectsOf(ADA), subjectsOf(BOB)]).toEqual([['DOWN'], []]);
    expect((await rowsOf(BOB))[0]?.sendings[0]?.error).toContain('not confirmed');
    await confirm(BOB);
    await passPauses(stores.db);
    await drain(sender);
    expect([subjectsOf(ADA), subjectsOf(BOB)]).toEqual([['DOWN'], ['DOWN']]);
  });

  test('added during an alert gets later alerts only, and one removed gets no more', async () => {
    await addMailChannel([ADA, EVE]);
    await confirm(BOB);
    await check(OPEN);
    await drain(sender);
    await setTo([ADA, BOB]);
    await check(RESOLVE);
    await drain(sender);
    await check(OPEN);
    await drain(sender);
    expect([subjectsOf(ADA), subjectsOf(BOB), subjectsOf(EVE)]).toEqual([
      ['DOWN', 'RESOLVED', 'DOWN'],
      ['DOWN'],
      ['DOWN'],
    ]);
  });

  test('gets its own reminders', async () => {
    await addMailChannel([ADA, BOB, EVE], { remindEverySeconds: 600 });
    await check(OPEN);
    smtp.answer(BOB, 450);
    await drain(sender);
    await setTo([ADA, BOB]);
    await stores.db.notification.updateMany({
      where: { status: 'delivered' },
      data: { deliveredAt: new Date(Date.now() - 601_000) },
    });
    await remindAndRelease(stores);
    await drain(sender);
    expect([subjectsOf(ADA), subjectsOf(BOB), subjectsOf(EVE)]).toEqual([
      ['DOWN', 'STILL'],
      [],
      ['DOWN'],
    ]);
  });
});

test('an old email to all addresses at once is retried until all have it', async () => {
  const channelId = await addMailChannel([ADA, BOB]);
  await check(OPEN);
  await stores.db.notification.deleteMany({ where: { recipient: BOB } });
  await stores.db.notification.updateMany({ data: { recipient: '' } });
  smtp.answer(BOB, 450);
  await drain(sender);
  expect(await readNotifications(stores.db, channelId)).toMatchObject([
    { status: 'pending', sendings: [{ statusCode: 450 }] },
  ]);
});

test('an email is plain text and HTML, with the facts', async () => {
  await stores.db.monitor.update({
    where: { id: monitor.id },
    data: { name: 'Shop <b>@everyone</b> & more' },
  });
  await addMailChannel([ADA]);
  await check(OPEN + RESOLVE);
  await drain(sender);
  const [opened, resolved] = smtp.mails;
  expect(opened?.text).toMatch(/^From: GoMon <gomon@monitor\.test>$/m);
  expect(opened?.text).toContain('Content-Type: text/plain');
  expect(opened?.text).toContain('Content-Type: text/html');
  expect(opened?.text.replaceAll('=\r\n', '')).toContain(
    'Shop &lt;b&gt;@everyone&lt;/b&gt; &amp; more',
  );
  expect(resolved?.text).toMatch(/Duration: \d+ (s|min)/);
});

test('no line of an email is too long for mail servers, whatever the names of a monitor and its URL', async () => {
  const [name, url] = ['\u{1F600}é'.repeat(33), `https://shop.test/?${'é&'.repeat(1000)}`];
  await stores.db.monitor.update({ where: { id: monitor.id }, data: { name, target: url } });
  await addMailChannel([ADA]);
  await check(OPEN);
  await drain(sender);
  for (const line of smtp.mails[0]?.text.split('\r\n') ?? [''])
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998);
  expect(subjectsOf(ADA)).toHaveLength(1);
});

test("a monitor's name cannot add header fields or recipients to an email", async () => {
  const name = 'shop\r\nBcc: eve@evil.test\r\n\r\n<script>\u2028é';
  await stores.db.monitor.update({ where: { id: monitor.id }, data: { name } });
  await addMailChannel([ADA]);
  await check(OPEN);
  await drain(sender);
  const [mail] = smtp.mails;
  const [head = ''] = mail?.text.split('\r\n\r\n') ?? [];
  expect(mail?.to).toEqual([ADA]);
  expect(head).toContain('Subject: ');
  expect(head).not.toMatch(/^(bcc|<script>)/im);
  expect(mail?.text).not.toContain('<script>\u2028');
});

test('an unconfirmed address gets only the code', async () => {
  const channelId = await addMailChannel([BOB], { isConfirmed: false });
  await check(OPEN);
  const content = { confirmation: { channelId, address: BOB, code: 'ABCDE23456' } };
  await stores.db.notification.create({
    data: { id: randomUUID(), channelId, recipient: BOB, transition: 'confirmation', content },
  });
  await drain(sender);
  expect(smtp.mails.map(({ to }) => to)).toEqual([[BOB]]);
  expect(smtp.mails[0]?.text).toContain('ABCDE23456');
});
