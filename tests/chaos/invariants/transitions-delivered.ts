import type { Evidence, StoredAlert } from '../evidence/evidence.ts';
import { clock, type Invariant } from './invariant.ts';
import { isTaken, lastTaken, storiesOf, type Story } from '../evidence/delivery-log.ts';

/**
 * What is promised: of each alert, a channel hears of the opening, the end, and, when late results prolong it, of the opening again;
 * last of how the alert stands. What late results undo before it was sent is not delivered; an alert that they undo later is ended.
 * Of a deleted monitor only the order is judged.
 */
export const everyTransitionDelivered: Invariant = {
  name: 'each enabled channel is notified of the present state of each alert, and no notification is left',
  check: ({ deliveries, alerts, monitors, lives }) => {
    const stories = storiesOf(deliveries.messages);
    const byPath = Map.groupBy(stories, ({ path }) => path);
    const paths = new Map(
      deliveries.channels.filter(({ enabled }) => enabled).map(({ id, path }) => [id, path]),
    );
    const names = new Map(lives.map(({ id, name }) => [id, name]));
    const faults = deliveries.listeners.flatMap(({ monitorId, channelId }) => {
      const path = paths.get(channelId);
      if (path === undefined) return [];
      const heard = (byPath.get(path) ?? []).filter((story) => story.monitorId === monitorId);
      const own = alerts.filter((alert) => alert.monitorId === monitorId);
      return statusFaults(own, heard).map(
        (fault) => `${path}, of ${names.get(monitorId)}: ${fault}`,
      );
    });
    const existing = new Set(monitors.map(({ id }) => id));
    return {
      looked: `${deliveries.notifications.length} notifications of ${alerts.length} alerts to ${paths.size} channels`,
      faults: [
        ...faults,
        ...leftOver(deliveries.notifications),
        ...strangers({ deliveries, existing }),
      ],
    };
  },
};

/** What a receiver does not know, although it listens to the monitor that has these alerts. */
export function statusFaults(alerts: readonly StoredAlert[], heard: readonly Story[]): string[] {
  const byAlert = new Map(heard.map((story) => [story.alertId, story]));
  const existing = alerts.flatMap(({ id, openedAt, resolvedAt }) => {
    const [last, wanted] = [
      lastTaken(byAlert.get(id)),
      resolvedAt === null ? 'opened' : 'resolved',
    ];
    return last === wanted
      ? []
      : [`the alert of ${clock(openedAt)} is ${wanted}, it heard ${last ?? 'nothing'}`];
  });
  const undone = heard.filter(
    (story) => !alerts.some(({ id }) => id === story.alertId) && lastTaken(story) !== 'resolved',
  );
  return [
    ...existing,
    ...undone.map(({ alertId }) => `the alert ${alertId} was undone, and it heard of no end`),
  ];
}

function leftOver(notifications: Evidence['deliveries']['notifications']): string[] {
  const bad = notifications.filter(({ status }) => status !== 'delivered' && status !== 'dropped');
  return bad.map(
    ({ id, transition, status, attempts }) =>
      `the notification ${id} (${transition}) is ${status} after ${attempts} attempts`,
  );
}

function strangers({
  deliveries,
  existing,
}: {
  deliveries: Evidence['deliveries'];
  existing: ReadonlySet<string>;
}): string[] {
  const paths = new Map(deliveries.channels.map(({ id, path }) => [id, path]));
  const listening = new Set(
    deliveries.listeners.map(({ monitorId, channelId }) => `${paths.get(channelId)} ${monitorId}`),
  );
  return storiesOf(deliveries.messages)
    .filter(
      ({ path, monitorId }) => existing.has(monitorId) && !listening.has(`${path} ${monitorId}`),
    )
    .map(
      ({ path, alertId }) =>
        `${path} heard of the alert ${alertId} of a monitor that it is not attached to`,
    );
}

export const deliveredInOrder: Invariant = {
  name: 'openings and ends of an alert come in turn, an opening first, each when the one before was taken',
  check: ({ deliveries }) => {
    const stories = storiesOf(deliveries.messages);
    return {
      looked: `${stories.length} alerts as some channel heard of them`,
      faults: stories.flatMap(orderFaults),
    };
  },
};

/** A repetition of an earlier message may come at any time: receivers know it by its id. */
export function orderFaults({ path, alertId, messages }: Story): string[] {
  const faults: string[] = [];
  const taken = new Set<string>();
  const known = new Map<string, string>();
  for (const message of messages) {
    const { id, transition, at } = message;
    const [lastId = '', last = 'nothing'] = [...known].at(-1) ?? [];
    if (!known.has(id)) {
      const what = `${path} heard ${transition} of ${alertId} at ${clock(at)}`;
      if (lastId && !taken.has(lastId)) faults.push(`${what} before it had taken ${last}`);
      if (transition !== (last === 'opened' ? 'resolved' : 'opened'))
        faults.push(`${what} after ${last}`);
      known.set(id, transition);
    }
    if (isTaken(message)) taken.add(id);
  }
  return faults;
}
