// Sends what the outbox holds, each notification at least once and always with the same id and content. The rows are
// authoritative: whoever claims one has it for the time of a lease, and what a sender does not write down is sent again.
import type { Encryption } from '@gomon/encryption';
import { LONGEST_ASKED_SECONDS, retryPause } from './retry-schedule.ts';
import {
  claimNotifications,
  disableChannel,
  endAttempt,
  pauseChannel,
  type ClaimedNotification,
  type Db,
  type EndedAttempt,
  type Queryable,
} from '@gomon/persistence';
import type { Logger, StallWatch } from '@gomon/runtime';
import { makeAttempt, type Ended } from './attempt.ts';
import type { Outside } from './channels/channel.ts';
import { createSemaphore } from './semaphore.ts';
import type { SchedulerMetrics } from '../metrics.ts';
import { withTimeout } from '../with-timeout.ts';

export interface SenderDeps {
  readonly db: Db;
  readonly encryption: Encryption;
  readonly outside: Outside;
  /** Where people find GoMon; empty when nobody said. */
  readonly publicUrl: string;
  readonly stalls: Pick<StallWatch, 'ownMs'>;
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

/**
 * Whose receiver has not answered after a second goes on without a place: so slow receivers, of however many users, keep nobody waiting
 * for longer. As every attempt has a deadline, the number of those that go on is bounded by it and this.
 */
const PLACES = 200;
const PLACE_MS = 1000;
/** Fewer than the connections of the pool: attempts that end together wait for one here, for as long as it takes. */
const WRITES_AT_A_TIME = 3;
/** A channel or user with slow receivers has so many under way, or at worst one less than twice that. */
const CHANNEL_LIMIT = 8;
const USER_LIMIT = 40;
/** Longer than any attempt may take. */
const LEASE_SECONDS = 60;
/** An attempt ends before the lease does by so much of it, so that its end is written down in time. */
const MARGIN_OF_LEASE = 0.1;
const IDLE_DELAY_MS = 1000;
/** For so long at most, what ends is waited for before more is looked for. */
const BUSY_DELAY_MS = 50;

export function createSender(deps: SenderDeps): Sender {
  const sending = new Map<Promise<void>, Sending>();
  const write = createSemaphore(WRITES_AT_A_TIME);
  let isIdle = true;

  const begin = (notification: ClaimedNotification, leasedUntil: number) => {
    const entry: Sending = { notification, since: deps.stalls.ownMs(), hasEnded: false };
    const sent = makeAttempt(notification, deps, leasedUntil)
      .then((ended) => {
        entry.hasEnded = true;
        return write(() => writeDown(notification, ended, deps));
      })
      .catch((error: Error) => deps.onFault('an attempt to notify could not be written down', error))
      .finally(() => sending.delete(sent));
    sending.set(sent, entry);
  };
  const allEnd = () => Promise.all(sending.keys());
  const hasPlace = ({ since, hasEnded }: Sending) => hasEnded || deps.stalls.ownMs() - since < PLACE_MS;

  return {
    async runOnce() {
      const entries = [...sending.values()];
      const taken = entries.map(({ notification }) => notification);
      // Before the database gives the lease: by our clock it ends no later than by the database's.
      const leasedUntil = performance.now() + LEASE_SECONDS * 1000 * (1 - MARGIN_OF_LEASE);
      const claimed = await claimNotifications(deps.db, {
        limit: Math.max(0, PLACES - entries.filter(hasPlace).length),
        channelLimit: CHANNEL_LIMIT,
        userLimit: USER_LIMIT,
        busyChannels: frequent(taken, 'channelId', CHANNEL_LIMIT),
        busyUsers: frequent(taken, 'userId', USER_LIMIT),
        leaseSeconds: LEASE_SECONDS,
      });
      for (const notification of claimed) begin(notification, leasedUntil);
      // What is due may wait for room, or for the one before it, which may have ended while this one looked.
      isIdle = taken.length + claimed.length === 0;
      if (claimed.length === 0 && sending.size > 0) await withTimeout(BUSY_DELAY_MS, allEnd(), []);
    },
    delayMs: () => (isIdle ? IDLE_DELAY_MS : 0),
    async idle() {
      await allEnd();
    },
  };
}

interface Sending {
  readonly notification: ClaimedNotification;
  /** By the clock that stands still while this process does: a slow process is no slow receiver. */
  readonly since: number;
  /** The attempt has, and waits to be written down. */
  hasEnded: boolean;
}

/** The channels or users that occur so often among these. */
function frequent(taken: readonly ClaimedNotification[], by: 'channelId' | 'userId', limit: number): string[] {
  return [...Map.groupBy(taken, (notification) => notification[by])].filter(([, all]) => all.length >= limit).map(([id]) => id);
}

async function writeDown(notification: ClaimedNotification, { receipt, durationMs }: Ended, deps: SenderDeps): Promise<void> {
  const { db, metrics, logger } = deps;
  const { id, channelId, kind, attempts, tries } = notification;
  const { statusCode, error, isGone = false, isFinal = false } = receipt;
  const retryInSeconds = error === null || isFinal || isGone ? null : retryPause(tries, Math.random(), receipt.retryAfterSeconds);
  const ended = { id, channelId, attempts, durationMs, statusCode, error, retryInSeconds };
  if (isGone) await db.$transaction((tx) => endForGood(tx, ended));
  else {
    // Apart from the other, which locks the notification: reconciling locks channels first.
    const { retryAfterSeconds } = receipt;
    if (retryInSeconds !== null && retryAfterSeconds)
      await pauseChannel(db, channelId, Math.min(retryAfterSeconds, LONGEST_ASKED_SECONDS));
    await endAttempt(db, ended);
  }
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
