import type { Message } from '../receivers/receivers.ts';

export interface StoredChannel {
  readonly id: string;
  /** Of its receiver. */
  readonly path: string;
  readonly enabled: boolean;
  readonly disabledReason: string | null;
  readonly createdAt: number;
  /** When it was last changed: all that ever happens to a channel of the run is that it is disabled. */
  readonly updatedAt: number;
}

/** A channel that must be notified of a monitor's alerts, from the monitor's first moment to its last. */
export interface Listener {
  readonly monitorId: string;
  readonly channelId: string;
}

export interface StoredNotification {
  readonly id: string;
  readonly alertId: string;
  readonly monitorId: string;
  readonly channelId: string;
  readonly transition: string;
  readonly status: 'pending' | 'held' | 'delivered' | 'dead' | 'dropped';
  readonly attempts: number;
  readonly createdAt: number;
  readonly deliveredAt: number | null;
}

export interface StoredAttempt {
  readonly notificationId: string;
  readonly number: number;
  readonly startedAt: number;
  /** Null when nobody wrote down how it ended. */
  readonly durationMs: number | null;
}

/** Everything about who was notified of what. */
export interface DeliveryLog {
  readonly channels: readonly StoredChannel[];
  readonly listeners: readonly Listener[];
  readonly notifications: readonly StoredNotification[];
  readonly attempts: readonly StoredAttempt[];
  readonly messages: readonly Message[];
}

/** What a message says it is about. */
export interface Content {
  readonly id: string;
  readonly transition: string;
  readonly alertId: string;
  readonly monitorId: string;
}

export function contentOf({ body }: Message): Content {
  const { type, data } = JSON.parse(body) as {
    type: string;
    data: { id: string; alert: { id: string }; monitor: { id: string } };
  };
  return {
    id: data.id,
    transition: type.replace('alert.', ''),
    alertId: data.alert.id,
    monitorId: data.monitor.id,
  };
}

export const isTaken = ({ status }: Message) => status === 200;

/** Messages that had been taken before and came once more. */
export function countRepeated(messages: readonly Message[]): number {
  const taken = messages.filter(isTaken);
  return taken.length - new Set(taken.map(({ id }) => id)).size;
}

/** What one receiver heard of one alert, in the order in which it came. */
export interface Story {
  readonly path: string;
  readonly alertId: string;
  readonly monitorId: string;
  readonly messages: readonly (Message & Content)[];
}

export function storiesOf(messages: readonly Message[]): Story[] {
  const read = messages.map((message) => ({ ...message, ...contentOf(message) }));
  return [...Map.groupBy(read, ({ path, alertId }) => `${path} ${alertId}`).values()].flatMap(
    (own) => {
      const [first] = own;
      return first
        ? [{ path: first.path, alertId: first.alertId, monitorId: first.monitorId, messages: own }]
        : [];
    },
  );
}

/** The last transition that was new to the receiver: repetitions tell nothing. Null when it has taken none. */
export function lastTaken(story: Story | undefined): string | null {
  const ids = [...new Set(story?.messages.filter(isTaken).map(({ id }) => id))];
  return story?.messages.find(({ id }) => id === ids.at(-1))?.transition ?? null;
}
