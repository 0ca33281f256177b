import { LEASE_SECONDS } from '../stack/time-scale.ts';
import type { Message } from '../receivers/receivers.ts';
import { clock, type Invariant } from './invariant.ts';
import {
  contentOf,
  countRepeated,
  type StoredAttempt,
  type StoredNotification,
} from '../evidence/delivery-log.ts';

export const sameMessage: Invariant = {
  name: 'a message has one id, one body and a valid signature in all its attempts',
  check: ({ deliveries, monitors }) => {
    const stored = new Map(
      deliveries.notifications.map((notification) => [notification.id, notification]),
    );
    const channels = new Map(deliveries.channels.map(({ path, id }) => [path, id]));
    const existing = new Set(monitors.map(({ id }) => id));
    const faults = [...Map.groupBy(deliveries.messages, ({ id }) => id)].flatMap(
      ([id, messages]) => {
        const [first] = messages;
        if (!first) return [];
        const content = contentOf(first);
        const notification = stored.get(id);
        const channelId = channels.get(first.path) ?? '';
        const isOwn = notification
          ? isAbout(notification, { ...content, channelId })
          : !existing.has(content.monitorId);
        return [
          ...(content.id === id && isOwn
            ? []
            : [`${first.path} got the id ${id}, which is of no such notification`]),
          ...(messages.every((one) => one.body === first.body && one.path === first.path)
            ? []
            : [`${id} came with several bodies`]),
          ...messages
            .filter(({ isSigned }) => !isSigned)
            .map(({ at }) => `${id} came with a wrong signature at ${clock(at)}`),
        ];
      },
    );
    return {
      looked: `${deliveries.messages.length} messages, ${countRepeated(deliveries.messages)} taken before`,
      faults,
    };
  },
};

function isAbout(
  notification: StoredNotification,
  about: Pick<StoredNotification, 'alertId' | 'channelId' | 'transition'>,
): boolean {
  return (['alertId', 'channelId', 'transition'] as const).every(
    (name) => notification[name] === about[name],
  );
}

export const repetitionsHaveCause: Invariant = {
  name: 'a message is sent again only when an attempt failed, or nobody wrote down its end for a lease',
  check: ({ deliveries }) => {
    const attempts = Map.groupBy(deliveries.attempts, ({ notificationId }) => notificationId);
    const messages = Map.groupBy(deliveries.messages, ({ id }) => id);
    const repeated =
      deliveries.attempts.length -
      deliveries.notifications.filter((notification) => notification.attempts > 0).length;
    return {
      looked: `${deliveries.attempts.length} attempts, ${repeated} of them repetitions`,
      faults: deliveries.notifications.flatMap((notification) =>
        attemptFaults(
          notification,
          attempts.get(notification.id) ?? [],
          messages.get(notification.id) ?? [],
        ),
      ),
    };
  },
};

/** All moments are of the database's clock, to the millisecond. */
const ROUNDING_SECONDS = 0.002;

export function attemptFaults(
  { id, attempts, deliveredAt }: StoredNotification,
  stored: readonly StoredAttempt[],
  messages: readonly Message[],
): string[] {
  const inTurn = stored.toSorted((a, b) => a.number - b.number);
  const early = inTurn.filter(({ startedAt }, i) => {
    const before = inTurn[i - 1];
    if (!before) return false;
    const pause = Math.min(LEASE_SECONDS, (before.durationMs ?? Infinity) / 1000);
    return startedAt < before.startedAt + pause - ROUNDING_SECONDS;
  });
  const late = inTurn.filter(
    ({ startedAt }) => deliveredAt !== null && startedAt > deliveredAt + ROUNDING_SECONDS,
  );
  return [
    ...early.map(
      ({ number }) => `attempt ${number} of ${id} began while the one before had its lease`,
    ),
    ...late.map(({ number }) => `attempt ${number} of ${id} began after it was delivered`),
    ...(stored.length === attempts
      ? []
      : [`${id} counts ${attempts} attempts, ${stored.length} are written down`]),
    ...(messages.length <= attempts
      ? []
      : [`${id} came ${messages.length} times in ${attempts} attempts`]),
  ];
}

/** A statement that saw the channel enabled may still be under way so long after it was disabled. */
const UNDER_WAY_SECONDS = 5;

export const disabledHearNothing: Invariant = {
  name: 'a disabled channel hears nothing, and who answers 410 is disabled',
  check: ({ deliveries }) => {
    const disabled = deliveries.channels.filter(({ enabled }) => !enabled);
    const faults = deliveries.channels.flatMap(
      ({ id, path, enabled, disabledReason, createdAt, updatedAt }) => {
        const messages = deliveries.messages.filter((message) => message.path === path);
        const own = deliveries.notifications.filter(({ channelId }) => channelId === id);
        const gone = messages.filter(({ status }) => status === 410);
        if (enabled)
          return gone.length > 0
            ? [`${path} answered 410 ${gone.length} times and is enabled`]
            : [];
        const wasEver = updatedAt > createdAt;
        const later = own.filter(
          (notification) => !wasEver || notification.createdAt > updatedAt + UNDER_WAY_SECONDS,
        );
        const attempts = deliveries.attempts.filter(
          ({ startedAt }) => startedAt > updatedAt + UNDER_WAY_SECONDS,
        );
        const ids = new Set(own.map((notification) => notification.id));
        return [
          ...(wasEver || messages.length === 0
            ? []
            : [`${path} was never enabled and heard ${messages.length} messages`]),
          ...(wasEver && !disabledReason ? [`${path} was disabled for no reason`] : []),
          ...later.map(
            (notification) =>
              `${path} has a notification of ${notification.transition} waiting although it is disabled`,
          ),
          ...attempts
            .filter(({ notificationId }) => ids.has(notificationId))
            .map(({ number }) => `${path}: attempt ${number} came later`),
        ];
      },
    );
    return { looked: `${disabled.length} disabled channels`, faults };
  },
};
