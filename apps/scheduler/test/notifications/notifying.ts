import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SECRET_SETTINGS, type ChannelKind, type ChannelSettings } from '@gomon/domain';
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
import { createMonitor, result, secondsNow, type openStores } from '../fixtures.ts';

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
    answer: (status, headers = {}, text = 'what a receiver says') => void (reply = { status, headers, text }),
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
export function openSender(stores: Awaited<ReturnType<typeof openStores>>, fixture: SenderFixture = {}) {
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
  const sender = createSender({ db, encryption, outside, publicUrl: 'https://monitor.test', stalls, metrics, logger, onFault });
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
  await db.notification.updateMany({ where: { status: 'pending' }, data: { nextAttemptAt: new Date(0), leasedUntil: null } });
}

interface ChannelFixture {
  readonly settings: ChannelSettings;
  readonly kind?: ChannelKind;
  readonly isDefault?: boolean;
  readonly enabled?: boolean;
  readonly remindEverySeconds?: number;
  /** For its addresses. */
  readonly isConfirmed?: boolean;
}

/** A channel of the user; encrypts its secrets. */
export async function addChannel(db: Db, userId: string, fixture: ChannelFixture): Promise<string> {
  const { settings, kind = 'webhook', isDefault = true, enabled = true, remindEverySeconds = null, isConfirmed = true } = fixture;
  const id = randomUUID();
  const encrypted = await Promise.all(
    SECRET_SETTINGS.flatMap((name) =>
      settings[name] === undefined ? [] : [encryption.encrypt(settings[name], id).then((text) => [name, text])],
    ),
  );
  const addresses = (settings.to ?? []).map((address) => ({ userId, address, confirmedAt: new Date() }));
  await db.emailAddress.createMany({ data: isConfirmed ? addresses : [], skipDuplicates: true });
  const row = { id, userId, kind, name: id, isDefault, enabled, remindEverySeconds };
  await db.channel.create({ data: { ...row, settings: { ...settings, ...Object.fromEntries(encrypted) } as object } });
  return id;
}

/** A monitor with its owner. */
export async function addMonitor(db: Db, fixture: Parameters<typeof createMonitor>[1] = {}) {
  const monitor = await createMonitor(db, fixture);
  const { userId } = await db.monitor.findUniqueOrThrow({ where: { id: monitor.id } });
  return { ...monitor, userId };
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
