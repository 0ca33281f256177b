// Sends what the outbox holds, each notification at least once and always with the same id and content. The rows are
// authoritative: whoever claims one has it for the time of a lease, and what a sender does not write down is sent again.
import { retryPause, SECRET_SETTINGS, type ChannelSettings, type Seal } from '@gomon/domain';
import {
  claimNotifications,
  disableChannel,
  endAttempt,
  type ClaimedNotification,
  type Db,
  type EndedAttempt,
  type Queryable,
} from '@gomon/persistence';
import type { Logger } from '@gomon/runtime';
import { CHANNELS } from './channels/all.ts';
import type { Outside, Receipt } from './channels/channel.ts';
import { composeMessage } from './channels/message.ts';
import type { SchedulerMetrics } from './metrics.ts';

export interface SenderDeps {
  readonly db: Db;
  readonly seal: Seal;
  readonly outside: Outside;
  /** Where people find GoMon; empty when nobody said. */
  readonly publicUrl: string;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
  readonly onFault: (what: string, error: Error) => void;
}

export interface Sender {
  /** Takes what is due and for which there is room, and begins to send it. */
  runOnce(): Promise<void>;
  /** The pause before the next run. */
  delayMs(): number;
  /** Resolves when nothing is being sent any more. */
  idle(): Promise<void>;
}

const MAX_SENDING = 200;
/** A channel or user with slow receivers takes the room of so many, or at worst one less than twice that. */
const CHANNEL_LIMIT = 8;
const USER_LIMIT = 40;
/** Longer than any attempt may take. */
const LEASE_SECONDS = 60;
const ATTEMPT_DEADLINE_MS = 30_000;
const IDLE_DELAY_MS = 1000;
/** For so long at most, what ends is waited for before more is looked for. */
const BUSY_DELAY_MS = 50;

export function createSender(deps: SenderDeps): Sender {
  const sending = new Map<Promise<void>, ClaimedNotification>();
  let isIdle = true;

  const begin = (notification: ClaimedNotification) => {
    const sent = sendOne(notification, deps)
      .catch((error: Error) => deps.onFault('an attempt to notify could not be written down', error))
      .finally(() => sending.delete(sent));
    sending.set(sent, notification);
  };
  const allEnd = () => Promise.all(sending.keys());

  return {
    async runOnce() {
      const taken = [...sending.values()];
      const claimed = await claimNotifications(deps.db, {
        limit: MAX_SENDING - taken.length,
        channelLimit: CHANNEL_LIMIT,
        userLimit: USER_LIMIT,
        busyChannels: frequent(taken, 'channelId', CHANNEL_LIMIT),
        busyUsers: frequent(taken, 'userId', USER_LIMIT),
        leaseSeconds: LEASE_SECONDS,
      });
      for (const notification of claimed) begin(notification);
      // What is due may wait for room, or for the one before it, which may have ended while this one looked.
      isIdle = taken.length + claimed.length === 0;
      if (claimed.length === 0 && sending.size > 0) await within(BUSY_DELAY_MS, allEnd(), []);
    },
    delayMs: () => (isIdle ? IDLE_DELAY_MS : 0),
    async idle() {
      await allEnd();
    },
  };
}

/** The channels or users that occur so often among these. */
function frequent(taken: readonly ClaimedNotification[], by: 'channelId' | 'userId', limit: number): string[] {
  return [...Map.groupBy(taken, (notification) => notification[by])].filter(([, all]) => all.length >= limit).map(([id]) => id);
}

async function sendOne(notification: ClaimedNotification, deps: SenderDeps): Promise<void> {
  const { db, metrics, logger } = deps;
  const { id, channelId, kind, attempts, tries } = notification;
  const startedAt = performance.now();
  const receipt = await within(ATTEMPT_DEADLINE_MS, attempt(notification, deps), TOO_LATE);
  const { statusCode, error, isGone = false } = receipt;
  const retryInSeconds = error === null || isGone ? null : retryPause(tries, Math.random(), receipt.retryAfterSeconds);
  const durationMs = Math.round(performance.now() - startedAt);
  const ended = { id, channelId, attempts, durationMs, statusCode, error, retryInSeconds };
  if (isGone) await db.$transaction((tx) => endForGood(tx, ended));
  else await endAttempt(db, ended);
  const result = isGone ? 'gone' : error === null ? 'delivered' : retryInSeconds === null ? 'dead' : 'failed';
  metrics.notificationAttempts.inc({ kind, result });
  if (result === 'gone' || result === 'dead')
    logger.warn({ notificationId: id, channelId, kind, error }, `a notification is ${result}`);
}

/** At once: a sender that dies in between would have the next message sent to a receiver that wants none. */
async function endForGood(tx: Queryable, ended: EndedAttempt): Promise<void> {
  await disableChannel(tx, ended.channelId, 'The receiver answered 410: it does not want to hear from us any more.');
  await endAttempt(tx, ended);
}

async function attempt(notification: ClaimedNotification, { seal, outside, publicUrl }: SenderDeps): Promise<Receipt> {
  const { channelId, kind, settings } = notification;
  let opened: ChannelSettings;
  try {
    opened = await unsealSettings(seal, channelId, settings);
  } catch {
    return { statusCode: null, error: 'its secrets were sealed under another SECRETS_KEY' };
  }
  return CHANNELS[kind](composeMessage(notification, publicUrl), opened, outside);
}

async function unsealSettings(seal: Seal, channelId: string, settings: ChannelSettings): Promise<ChannelSettings> {
  const opened = SECRET_SETTINGS.flatMap((name) => {
    const sealed = settings[name];
    return sealed === undefined ? [] : [seal.unseal(sealed, channelId).then((plain) => [name, plain])];
  });
  return { ...settings, ...Object.fromEntries(await Promise.all(opened)) } as ChannelSettings;
}

const TOO_LATE: Receipt = { statusCode: null, error: 'it did not answer in time' };

/** What `work` comes to, or `otherwise` when that takes longer. */
async function within<Value>(ms: number, work: Promise<Value>, otherwise: Value): Promise<Value> {
  const late = Promise.withResolvers<Value>();
  const timer = setTimeout(() => late.resolve(otherwise), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
