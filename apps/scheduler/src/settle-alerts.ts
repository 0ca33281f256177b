import { planAlertChanges, replayAlerts } from '@gomon/alerting';
import {
  addAlerts,
  alertsSince,
  changeAlerts,
  knownChecks,
  lockForSettling,
  removeAlerts,
  type AlertRow,
  type Db,
  type KnownCheckRow,
  type MonitorSince,
  type NewAlert,
  type Queryable,
  type SettlingRule,
} from '@gomon/persistence';

export interface Transitions {
  readonly opened: number;
  readonly resolved: number;
}

const SUSPECTS_PER_TRANSACTION = 200;

/**
 * Makes the alerts of the suspects, from their slots on, what replaying their rows gives. Each monitor is decided by one
 * process at a time, on rows that were committed before; so whoever decides last has seen them all.
 */
export async function settleAlerts(db: Db, shard: number, suspects: readonly MonitorSince[]): Promise<Transitions> {
  let total: Transitions = { opened: 0, resolved: 0 };
  for (let i = 0; i < suspects.length; i += SUSPECTS_PER_TRANSACTION) {
    const batch = suspects.slice(i, i + SUSPECTS_PER_TRANSACTION);
    const { opened, resolved } = await db.$transaction((tx) => settle(tx, shard, batch), { timeout: 15_000, maxWait: 5000 });
    total = { opened: total.opened + opened, resolved: total.resolved + resolved };
  }
  return total;
}

async function settle(tx: Queryable, shard: number, suspects: readonly MonitorSince[]): Promise<Transitions> {
  const rules = await lockForSettling(
    tx,
    suspects.map((suspect) => suspect.monitorId),
  );
  const firstSlots = new Map(suspects.map((suspect) => [suspect.monitorId, suspect.from]));
  const plans = rules.map((rule) => {
    const { monitorId, ruleSince } = rule;
    return { rule, monitorId, from: Math.max(firstSlots.get(monitorId) ?? 0, ruleSince) };
  });
  const windows = plans.map(({ rule, monitorId, from }) => ({ monitorId, from: from - rule.windowSeconds }));
  const checks = Map.groupBy(await knownChecks(tx, shard, windows), (check) => check.monitorId);
  const alerts = Map.groupBy(await alertsSince(tx, plans), (alert) => alert.monitorId);
  const changes = plans.map(({ rule, monitorId, from }) =>
    decide(rule, from, checks.get(monitorId) ?? [], alerts.get(monitorId) ?? []),
  );
  return write(
    tx,
    changes.flatMap((change) => change.removed),
    changes.flatMap((change) => change.changed),
    changes.flatMap((change) => change.added),
  );
}

type ChangedAlert = Omit<AlertRow, 'monitorId'>;

function decide(rule: SettlingRule, from: number, checks: readonly KnownCheckRow[], alerts: readonly AlertRow[]) {
  const open = alerts.find((alert) => alert.openedAt < from) ?? null;
  const wanted = replayAlerts(checks, rule, from, open);
  const { removed, changed, added } = planAlertChanges(alerts, wanted);
  const { monitorId, userId, threshold, windowSeconds } = rule;
  return { removed, changed, added: added.map((span) => ({ ...span, monitorId, userId, threshold, windowSeconds })) };
}

/** In this order: at no moment may a monitor have two open alerts. */
async function write(
  tx: Queryable,
  removed: readonly ChangedAlert[],
  changed: readonly ChangedAlert[],
  added: readonly NewAlert[],
): Promise<Transitions> {
  const [resolved, open] = [
    changed.filter((alert) => alert.resolvedAt !== null),
    changed.filter((alert) => alert.resolvedAt === null),
  ];
  if (removed.length > 0)
    await removeAlerts(
      tx,
      removed.map((alert) => alert.id),
    );
  if (resolved.length > 0) await changeAlerts(tx, resolved);
  if (open.length > 0) await changeAlerts(tx, open);
  if (added.length > 0) await addAlerts(tx, added);
  return { opened: added.length, resolved: resolved.length + added.filter((alert) => alert.resolvedAt !== null).length };
}
