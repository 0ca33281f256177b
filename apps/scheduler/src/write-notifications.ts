import { planNotifications, type AlertStanding, type LastTold } from '@gomon/alerting';
import {
  addNotifications,
  channelsOfMonitors,
  dropNotifications,
  lockNotifications,
  maintainedMonitors,
  type NewNotification,
  type Queryable,
  type StoredNotification,
} from '@gomon/persistence';

/** An alert that has just been written, or removed. */
export interface SettledAlert {
  readonly id: string;
  readonly monitorId: string;
  readonly standing: AlertStanding;
}

/** Has the monitors' channels told how these alerts stand now. To be called in the transaction that made them stand so. */
export async function writeNotifications(tx: Queryable, alerts: readonly SettledAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const monitorIds = [...new Set(alerts.map((alert) => alert.monitorId))];
  const attached = Map.groupBy(await channelsOfMonitors(tx, monitorIds), (row) => row.monitorId);
  const alertIds = alerts.map((alert) => alert.id);
  const stored = Map.groupBy(await lockNotifications(tx, alertIds), (row) => row.alertId);
  if (attached.size === 0 && stored.size === 0) return;
  const maintained = await maintainedMonitors(tx, monitorIds);
  const changes = alerts.map((alert) =>
    planForAlert(
      alert,
      (attached.get(alert.monitorId) ?? []).map((row) => row.channelId),
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

function planForAlert(
  { id, monitorId, standing }: SettledAlert,
  attached: readonly string[],
  stored: readonly StoredNotification[],
  isMaintained: boolean,
): Changes {
  const byChannel = Map.groupBy(stored, (row) => row.channelId);
  const deaf = new Set(stored.filter((row) => !row.channelEnabled).map((row) => row.channelId));
  const added: NewNotification[] = [];
  const dropped: string[] = [];
  for (const channelId of new Set([...attached, ...byChannel.keys()])) {
    const rows = (byChannel.get(channelId) ?? []).toSorted((one, other) => one.position - other.position);
    const last = lastTold(rows);
    const plan = planNotifications({ standing, isAttached: attached.includes(channelId), isMaintained, last });
    if (standing !== 'open') dropped.push(...rows.filter(isIdleReminder).map((row) => row.id));
    if (plan.dropLast && last) dropped.push(last.id);
    if (deaf.has(channelId)) continue;
    const next = (rows.at(-1)?.position ?? -1) + 1;
    added.push(
      ...plan.add.map((transition, i) => {
        const place = { alertId: id, monitorId, channelId, transition, position: next + i };
        return { ...place, isHeld: isMaintained };
      }),
    );
  }
  return { added, dropped };
}

function lastTold(rows: readonly StoredNotification[]): LastTold | null {
  const last = rows.findLast((row) => row.status !== 'dropped' && isTransition(row.transition));
  if (!last || !isTransition(last.transition)) return null;
  const { id, transition, wasAttempted, status } = last;
  return { id, transition, wasAttempted, isHeld: status === 'held' };
}

const isTransition = (text: string): text is LastTold['transition'] => text === 'opened' || text === 'resolved';

const isIdleReminder = ({ transition, wasAttempted, status }: StoredNotification) =>
  transition === 'reminder' && !wasAttempted && (status === 'pending' || status === 'held');
