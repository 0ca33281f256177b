import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { recipientsOf, specOf, type ChannelKind, type SettingsOf } from '@gomon/channels';
import { createEncryption } from '@gomon/encryption';
import { createDial, parseNetworks } from '@gomon/egress';
import type { Db } from '@gomon/persistence';
import { createStallWatch } from '@gomon/runtime';
import type { Outside } from '../../src/notifications/channels/channel.ts';
import { createPost } from '../../src/notifications/transports/http.ts';
import { createSmtp } from '../../src/notifications/transports/smtp.ts';
import { createSender } from '../../src/notifications/sender.ts';
import { ingestCheckResults } from '../../src/ingest/ingest-check-results.ts';
import { createRowBackedWindows } from '../../src/ingest/row-backed-windows.ts';
import { createMonitor, openStores, result, secondsNow } from '../fixtures.ts';
import { startMailServer, type MailServer } from './mail-server.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** The answer from now on; a status of 0 hangs. */
  answer(status: number, headers?: Record<string, string>, body?: string): void;
  stop(): Promise<void>;
}

/** An HTTP server on loopback that stores its requests. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let reply = { status: 200, headers: {}, text: 'what a receiver says' };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      if (reply.status > 0) response.writeHead(reply.status, reply.headers).end(reply.text);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (status, headers = {}, text = 'what a receiver says') =>
      void (reply = { status, headers, text }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const encryption = await createEncryption('k'.repeat(32));

interface SenderFixture {
  readonly smtpUrl?: string;
  readonly serviceUrl?: string;
  readonly deadlineMs?: number;
  readonly networks?: string;
}

/** A sender that may reach loopback. */
export function openSender(
  stores: Awaited<ReturnType<typeof openStores>>,
  fixture: SenderFixture = {},
) {
  const { smtpUrl = '', serviceUrl = '', deadlineMs = 5000, networks = '127.0.0.0/8' } = fixture;
  const stalls = createStallWatch();
  const smtp = createSmtp(smtpUrl, 'GoMon <gomon@monitor.test>');
  const outside: Outside = {
    post: createPost(createDial(parseNetworks(networks)), stalls, deadlineMs),
    sendMail: (mail) => smtp.send(mail),
    telegramUrl: serviceUrl,
    pagerdutyUrl: serviceUrl,
  };
  const { asScheduler: db, metrics, logger } = stores;
  const onFault = (_what: string, error: Error) => {
    throw error;
  };
  const sender = createSender({
    db,
    encryption,
    outside,
    publicUrl: 'https://monitor.test',
    stalls,
    metrics,
    logger,
    onFault,
  });
  return {
    sender,
    close: () => {
      smtp.close();
      stalls.stop();
    },
  };
}

/** Sends until nothing more is due. */
export async function drain({ sender }: ReturnType<typeof openSender>): Promise<void> {
  do {
    await sender.runOnce();
  } while (sender.delayMs() === 0);
}

/** As if the time until the next attempts had passed. */
export async function passPauses(db: Db): Promise<void> {
  await db.notification.updateMany({
    where: { status: 'pending' },
    data: { nextAttemptAt: new Date(0), leasedUntil: null },
  });
}

interface ChannelFixture<Kind extends ChannelKind> {
  readonly settings: Readonly<SettingsOf<Kind>>;
  readonly kind?: Kind;
  readonly isDefault?: boolean;
  readonly enabled?: boolean;
  readonly remindEverySeconds?: number;
  /** For its addresses. */
  readonly isConfirmed?: boolean;
}

/** A channel of the user, a webhook by default; encrypts its secrets. */
export async function addChannel<Kind extends ChannelKind = 'webhook'>(
  db: Db,
  ownerId: string,
  fixture: ChannelFixture<Kind>,
): Promise<string> {
  const {
    settings,
    kind = 'webhook',
    isDefault = true,
    enabled = true,
    remindEverySeconds = null,
    isConfirmed = true,
  } = fixture;
  const id = randomUUID();
  const { secrets } = specOf(kind);
  const encrypted = Object.entries(settings).map(async ([name, value]) => [
    name,
    secrets.includes(name) ? await encryption.encrypt(String(value), id) : value,
  ]);
  const addresses = recipientsOf(kind, settings).map((address) => ({
    ownerId,
    address,
    confirmedAt: new Date(),
  }));
  await db.emailAddress.createMany({ data: isConfirmed ? addresses : [], skipDuplicates: true });
  const row = { id, ownerId, kind, name: id, isDefault, enabled, remindEverySeconds };
  await db.channel.create({
    data: { ...row, settings: Object.fromEntries(await Promise.all(encrypted)) as object },
  });
  return id;
}

/** A monitor with its owner. */
export async function addMonitor(db: Db, fixture: Parameters<typeof createMonitor>[1] = {}) {
  const monitor = await createMonitor(db, fixture);
  const { ownerId } = await db.monitor.findUniqueOrThrow({ where: { id: monitor.id } });
  return { ...monitor, ownerId };
}

/** The notifications with their attempts, in the order in which they were written. */
export function readNotifications(db: Db, channelId?: string) {
  return db.notification.findMany({
    where: channelId ? { channelId } : {},
    include: { sendings: { orderBy: { number: 'asc' } } },
    orderBy: [{ createdAt: 'asc' }, { position: 'asc' }],
  });
}

/**
 * Ingests the monitor's next checks, a `-` for each failure and a `+` for each success; returns the
 * last slot.
 */
export function openChecks(
  stores: Awaited<ReturnType<typeof openStores>>,
  { id, shard, phase }: { id: string; shard: number; phase: number },
) {
  const windows = createRowBackedWindows([stores.redis], stores.db);
  let slot = secondsNow() - 3600;
  slot -= (slot - phase) % 10;
  return async (outcomes: string): Promise<number> => {
    for (const sign of outcomes) {
      slot += 10;
      const job = { results: [result(id, slot, sign === '+' ? 'success' : 'failure')] };
      await ingestCheckResults([{ shard, job }], { ...stores, windows, retentionDays: 30 });
    }
    return slot;
  };
}

export const OPEN = '--';
export const RESOLVE = '++++++';

export interface Notifying {
  readonly stores: Awaited<ReturnType<typeof openStores>>;
  readonly receiver: Receiver;
  readonly smtp: MailServer;
  /** Reaches the receiver, also in place of Telegram and PagerDuty, and the mail server. */
  readonly sender: ReturnType<typeof openSender>;
  readonly monitor: Awaited<ReturnType<typeof addMonitor>>;
  /** Of the monitor. */
  readonly check: ReturnType<typeof openChecks>;
}

/** Gives each test of the file a receiver, a mail server, a sender, and one user with one monitor that is checked every ten seconds. */
export function setUpNotifying(take: (opened: Notifying) => void): void {
  let stores: Notifying['stores'];
  let opened: Notifying;
  beforeAll(async () => {
    stores = await openStores();
  });
  beforeEach(async () => {
    await stores.db.user.deleteMany();
    const [receiver, smtp] = await Promise.all([startReceiver(), startMailServer()]);
    const sender = openSender(stores, { serviceUrl: receiver.url, smtpUrl: smtp.url });
    const monitor = await addMonitor(stores.db, {
      intervalSeconds: 10,
      threshold: 1,
      windowSeconds: 60,
    });
    opened = { stores, receiver, smtp, sender, monitor, check: openChecks(stores, monitor) };
    take(opened);
  });
  afterEach(async () => {
    opened.sender.close();
    await Promise.all([opened.receiver.stop(), opened.smtp.stop()]);
  });
  afterAll(() => stores.close());
}
