import {
  planNotifications,
  type AlertStatus,
  type LastNotification,
  type RecipientState,
} from '@gomon/alerting';
import {
  addNotifications,
  dropNotifications,
  lockNotifications,
  maintainedMonitors,
  recipientsOfMonitors,
  type NewNotification,
  type Queryable,
  type StoredNotification,
} from '@gomon/persistence';

/** An alert that was just written or removed. */
export interface ReconciledAlert {
  readonly id: string;
  readonly monitorId: string;
  readonly status: AlertStatus;
  /**
   * Whether this transaction wrote the alert first. Channels attached later get no notification of
   * it.
   */
  readonly isNew: boolean;
}

/**
 * Enqueues notifications of the alerts' new state for the monitors' channels. Call it in the
 * transaction that changed the alerts.
 */
export async function enqueueNotifications(
  tx: Queryable,
  alerts: readonly ReconciledAlert[],
): Promise<void> {
  if (alerts.length === 0) return;
  const monitorIds = [...new Set(alerts.map((alert) => alert.monitorId))];
  const attached = Map.groupBy(await recipientsOfMonitors(tx, monitorIds), (row) => row.monitorId);
  const alertIds = alerts.map((alert) => alert.id);
  const stored = Map.groupBy(await lockNotifications(tx, alertIds), (row) => row.alertId);
  if (attached.size === 0 && stored.size === 0) return;
  const maintained = await maintainedMonitors(tx, monitorIds);
  const changes = alerts.map((alert) =>
    planForAlert(
      alert,
      attached.get(alert.monitorId) ?? [],
      stored.get(alert.id) ?? [],
      maintained.has(alert.monitorId),
    ),
  );
  await dropNotifications(
    tx,
    changes.flatMap((change) => change.dropped),
  );
  await addNotifications(
    tx,
    changes.flatMap((change) => change.added),
  );
}

interface Changes {
  readonly added: readonly NewNotification[];
  readonly dropped: readonly string[];
}

interface Recipient {
  readonly channelId: string;
  readonly recipient: string;
}

/** Each recipient of a channel is notified independently. */
function planForAlert(
  alert: ReconciledAlert,
  attached: readonly Recipient[],
  stored: readonly StoredNotification[],
  isMaintained: boolean,
): Changes {
  const rows = Map.groupBy(stored, keyOf);
  const attachedKeys = new Set(attached.map(keyOf));
  const all = new Map([...attached, ...stored].map((place) => [keyOf(place), place]));
  const changes = [...all].map(([key, place]) =>
    planForRecipient(alert, place, {
      rows: rows.get(key) ?? [],
      isAttached: attachedKeys.has(key),
      isMaintained,
    }),
  );
  return {
    added: changes.flatMap(({ added }) => added),
    dropped: changes.flatMap(({ dropped }) => dropped),
  };
}

interface Circumstances {
  readonly rows: readonly StoredNotification[];
  readonly isAttached: boolean;
  readonly isMaintained: boolean;
}

function planForRecipient(
  { id, monitorId, status, isNew }: ReconciledAlert,
  { channelId, recipient }: Recipient,
  { rows: unordered, isAttached, isMaintained }: Circumstances,
): Changes {
  const rows = unordered.toSorted((one, other) => one.position - other.position);
  const last = lastNotification(rows);
  const heardOpening = isNew || rows.some(({ takenBack }) => takenBack);
  const plan = planNotifications({
    status,
    isAttached,
    state: stateOf(rows),
    heardOpening,
    isMaintained,
    last,
  });
  const reminders = status === 'open' ? [] : rows.filter(isWaitingReminder).map((row) => row.id);
  const next = (rows.at(-1)?.position ?? -1) + 1;
  const deliveryStatus = plan.isTakenBack ? 'dropped' : isMaintained ? 'held' : 'pending';
  return {
    dropped: plan.dropLast && last ? [...reminders, last.id] : reminders,
    added: plan.add.map((transition, i) => {
      return {
        alertId: id,
        monitorId,
        channelId,
        recipient,
        transition,
        position: next + i,
        status: deliveryStatus,
      };
    }),
  };
}

const keyOf = ({ channelId, recipient }: Recipient) => `${channelId} ${recipient}`;

/** Recipients without rows are those of enabled channels. */
function stateOf(rows: readonly StoredNotification[]): RecipientState {
  if (rows.some(({ isSilent }) => isSilent)) return 'silent';
  return rows.some(({ channelEnabled }) => !channelEnabled) ? 'disabled' : 'enabled';
}

/** A notification dropped after an attempt counts: its receiver may have got it. */
function lastNotification(rows: readonly StoredNotification[]): LastNotification | null {
  const last = rows.findLast(
    (row) => (row.status !== 'dropped' || row.wasAttempted) && isTransition(row.transition),
  );
  if (!last || !isTransition(last.transition)) return null;
  const { id, transition, wasAttempted, status } = last;
  return { id, transition, wasAttempted, isHeld: status === 'held' };
}

const isTransition = (text: string): text is LastNotification['transition'] =>
  text === 'opened' || text === 'resolved';

/**
 * Includes failed ones: nothing may wait behind an obsolete reminder. One in flight is left to its
 * sender.
 */
const isWaitingReminder = ({ transition, isLeased, status }: StoredNotification) =>
  transition === 'reminder' && !isLeased && (status === 'pending' || status === 'held');
