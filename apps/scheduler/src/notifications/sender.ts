// Sends what the outbox holds: each notification at least once, always with the same id and
// content. The rows are authoritative: a claim holds a row for one lease, and what a sender does
// not record is sent again.
import pTimeout from 'p-timeout';
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
import type { Logger } from '@gomon/runtime';
import { makeAttempt, type AttemptDeps, type Ended } from './attempt.ts';
import { createSemaphore } from './semaphore.ts';
import type { SchedulerMetrics } from '../metrics.ts';

export interface SenderDeps extends AttemptDeps {
  readonly db: Db;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
  readonly onFault: (what: string, error: Error) => void;
}

export interface Sender {
  /** Claims due notifications while there is room, and starts to send them. */
  runOnce(): Promise<void>;
  /** The pause before the next run, in milliseconds. */
  delayMs(): number;
  /** Resolves when nothing is in flight any more. */
  idle(): Promise<void>;
}

/**
 * After one second a slow attempt stops counting against the limit, so slow receivers of any number
 * of users delay nobody longer. Every attempt has a deadline, so these two bound the slow attempts
 * as well.
 */
const PLACES = 200;
const PLACE_MS = 1000;
/**
 * Fewer than the pool's connections: attempts that end together wait for one here, without a
 * timeout.
 */
const WRITES_AT_A_TIME = 3;
/** Slow attempts allowed per channel and per user; at worst it is one less than twice this. */
const CHANNEL_LIMIT = 8;
const USER_LIMIT = 40;
/** Longer than any attempt. */
const LEASE_SECONDS = 60;
/** An attempt ends this long before its lease, so that its result is recorded in time. */
const MARGIN_OF_LEASE = 0.1;
const IDLE_DELAY_MS = 1000;
/** The longest wait for attempts to end before the next search. */
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
      .catch((error: Error) => deps.onFault('could not record an attempt to notify', error))
      .finally(() => sending.delete(sent));
    sending.set(sent, entry);
  };
  const allEnd = () => Promise.all(sending.keys());
  const hasPlace = ({ since, hasEnded }: Sending) =>
    hasEnded || deps.stalls.ownMs() - since < PLACE_MS;

  return {
    async runOnce() {
      const entries = [...sending.values()];
      const taken = entries.map(({ notification }) => notification);
      // Taken before the database grants the lease: by our clock the lease ends no later than by
      // the database's.
      const leasedUntil = performance.now() + LEASE_SECONDS * 1000 * (1 - MARGIN_OF_LEASE);
      const claimed = await claimNotifications(deps.db, {
        limit: Math.max(0, PLACES - entries.filter(hasPlace).length),
        channelLimit: CHANNEL_LIMIT,
        userLimit: USER_LIMIT,
        busyChannels: frequent(taken, 'channelId', CHANNEL_LIMIT),
        busyUsers: frequent(taken, 'ownerId', USER_LIMIT),
        leaseSeconds: LEASE_SECONDS,
      });
      for (const notification of claimed) begin(notification, leasedUntil);
      // A due notification may wait for room, or for its predecessor, which may have ended during
      // this search.
      isIdle = taken.length + claimed.length === 0;
      if (claimed.length === 0 && sending.size > 0)
        await pTimeout(allEnd(), { milliseconds: BUSY_DELAY_MS, message: false });
    },
    delayMs: () => (isIdle ? IDLE_DELAY_MS : 0),
    async idle() {
      await allEnd();
    },
  };
}

interface Sending {
  readonly notification: ClaimedNotification;
  /** By the clock that pauses while this process is stalled: our stall is not a slow receiver. */
  readonly since: number;
  /** The attempt has ended and waits to be recorded. */
  hasEnded: boolean;
}

/** The channels or users that occur this often among the slow attempts. */
function frequent(
  taken: readonly ClaimedNotification[],
  by: 'channelId' | 'ownerId',
  limit: number,
): string[] {
  return [...Map.groupBy(taken, (notification) => notification[by])]
    .filter(([, all]) => all.length >= limit)
    .map(([id]) => id);
}

async function writeDown(
  notification: ClaimedNotification,
  { receipt, durationMs }: Ended,
  deps: SenderDeps,
): Promise<void> {
  const { db, metrics, logger } = deps;
  const { id, channelId, kind, attempts, tries } = notification;
  const { statusCode, error, isGone = false, isFinal = false } = receipt;
  const retryInSeconds =
    error === null || isFinal || isGone
      ? null
      : retryPause(tries, Math.random(), receipt.retryAfterSeconds);
  const ended = { id, channelId, attempts, durationMs, statusCode, error, retryInSeconds };
  if (isGone) await db.$transaction((tx) => endForGood(tx, ended));
  else {
    // In a separate transaction: the other one locks the notification, and reconciling locks
    // channels first.
    const { retryAfterSeconds } = receipt;
    if (retryInSeconds !== null && retryAfterSeconds)
      await pauseChannel(db, channelId, Math.min(retryAfterSeconds, LONGEST_ASKED_SECONDS));
    await endAttempt(db, ended);
  }
  const result = isGone
    ? 'gone'
    : error === null
      ? 'delivered'
      : retryInSeconds === null
        ? 'dead'
        : 'failed';
  metrics.notificationAttempts.inc({ kind, result });
  if (result === 'gone' || result === 'dead')
    logger.warn({ notificationId: id, channelId, kind, error }, `a notification is ${result}`);
}

/**
 * Immediately: if a sender died in between, the next message would go to a receiver that wants
 * none.
 */
async function endForGood(tx: Queryable, ended: EndedAttempt): Promise<void> {
  await disableChannel(
    tx,
    ended.channelId,
    'The receiver answered 410: it does not want to hear from us any more.',
  );
  await endAttempt(tx, ended);
}
