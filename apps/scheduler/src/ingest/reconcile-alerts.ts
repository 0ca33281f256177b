import { planAlertChanges, replayAlerts, type AlertStatus } from '@gomon/alerting';
import { type Db, type Queryable } from '@gomon/persistence';
import {
  addAlerts,
  alertsSince,
  changeAlerts,
  findOvertaken,
  keepFailedChecks,
  knownChecks,
  lockForReconciling,
  removeAlerts,
  type AlertRow,
  type KnownCheckRow,
  type MonitorSince,
  type NewAlert,
  type ReconcilingRule,
} from '@gomon/persistence/pipeline';
import { enqueueNotifications, type ReconciledAlert } from '../notifications/enqueue.ts';

export interface Transitions {
  readonly opened: number;
  readonly resolved: number;
}

const MONITORS_PER_TRANSACTION = 200;
/**
 * Repeats when a newer check was stored between reading the rows and committing the alerts: rare,
 * and rarer each time.
 */
const MOST_REPETITIONS = 20;

/**
 * Makes the alerts of the changed monitors, from their slots on, equal to a replay of their rows.
 * One process at a time decides a monitor, on committed rows, so the last one to decide has seen
 * them all.
 */
export async function reconcileAlerts(
  db: Db,
  shard: number,
  changed: readonly MonitorSince[],
): Promise<Transitions> {
  let total: Transitions = { opened: 0, resolved: 0 };
  let remaining = changed;
  for (let repetition = 0; remaining.length > 0 && repetition <= MOST_REPETITIONS; repetition++) {
    const decisions: Decision[] = [];
    for (let i = 0; i < remaining.length; i += MONITORS_PER_TRANSACTION) {
      const batch = remaining.slice(i, i + MONITORS_PER_TRANSACTION);
      decisions.push(
        ...(await db.$transaction((tx) => reconcile(tx, shard, batch), {
          timeout: 15_000,
          maxWait: 5000,
        })),
      );
    }
    total = addTransitions(total, decisions);
    remaining = await findUnseen(db, shard, decisions);
  }
  return total;
}

/** The changes of a monitor's alerts; `slot` is the newest check that was seen. */
interface Decision {
  readonly monitorId: string;
  readonly slot: number;
  readonly removed: readonly ChangedAlert[];
  readonly changed: readonly ChangedAlert[];
  readonly added: readonly NewAlert[];
}

type ChangedAlert = Omit<AlertRow, 'monitorId'>;

/**
 * Monitors that have a newer check by now. The process that stored it before these alerts were
 * committed compared it with the old alerts, and may have found no change.
 */
async function findUnseen(
  db: Db,
  shard: number,
  decisions: readonly Decision[],
): Promise<MonitorSince[]> {
  const newer = await findOvertaken(db, shard, decisions);
  return decisions
    .filter(({ monitorId }) => newer.has(monitorId))
    .map(({ monitorId, slot }) => ({ monitorId, from: slot + 1 }));
}

/** Returns the changes made. */
async function reconcile(
  tx: Queryable,
  shard: number,
  changed: readonly MonitorSince[],
): Promise<Decision[]> {
  const rules = await lockForReconciling(
    tx,
    changed.map((monitor) => monitor.monitorId),
  );
  const firstSlots = new Map(changed.map((monitor) => [monitor.monitorId, monitor.from]));
  const plans = rules.map((rule) => {
    const { monitorId, ruleSince, windowSince } = rule;
    return {
      rule,
      monitorId,
      from: Math.max(firstSlots.get(monitorId) ?? 0, ruleSince, windowSince),
    };
  });
  const windows = plans.map(({ rule, monitorId, from }) => ({
    monitorId,
    from: Math.max(from - rule.windowSeconds, rule.windowSince),
  }));
  const checks = Map.groupBy(await knownChecks(tx, shard, windows), (check) => check.monitorId);
  const alerts = Map.groupBy(await alertsSince(tx, plans), (alert) => alert.monitorId);
  const decisions = plans
    .map(({ rule, monitorId, from }) =>
      decide(rule, from, checks.get(monitorId) ?? [], alerts.get(monitorId) ?? []),
    )
    .filter(({ removed, changed, added }) => removed.length + changed.length + added.length > 0);
  await write(tx, shard, decisions);
  return decisions;
}

function decide(
  rule: ReconcilingRule,
  from: number,
  checks: readonly KnownCheckRow[],
  alerts: readonly AlertRow[],
): Decision {
  const open = alerts.find((alert) => alert.openedAt < from) ?? null;
  const wanted = replayAlerts(checks, rule, from, open);
  const { removed, changed, added } = planAlertChanges(alerts, wanted);
  const { monitorId, ownerId, threshold, windowSeconds, target } = rule;
  return {
    monitorId,
    slot: checks.at(-1)?.slot ?? from,
    removed,
    changed,
    added: added.map((span) => ({ ...span, monitorId, ownerId, threshold, windowSeconds, target })),
  };
}

/** Order matters: a monitor must never have two open alerts. */
async function write(tx: Queryable, shard: number, decisions: readonly Decision[]): Promise<void> {
  const removed = decisions.flatMap((decision) => decision.removed.map((alert) => alert.id));
  const changed = decisions.flatMap((decision) => decision.changed);
  const added = decisions.flatMap((decision) => decision.added);
  const [resolved, open] = [
    changed.filter(isResolved),
    changed.filter((alert) => !isResolved(alert)),
  ];
  if (removed.length > 0) await removeAlerts(tx, removed);
  if (resolved.length > 0) await changeAlerts(tx, resolved);
  if (open.length > 0) await changeAlerts(tx, open);
  const addedIds = added.length > 0 ? await addAlerts(tx, added) : [];
  await keepFailedChecks(tx, shard, [...changed.map((alert) => alert.id), ...addedIds]);
  await enqueueNotifications(tx, [
    ...decisions.flatMap(({ monitorId, ...decision }) => [
      ...decision.removed.map(({ id }): ReconciledAlert => ({
        id,
        monitorId,
        status: 'gone',
        isNew: false,
      })),
      ...decision.changed.map((alert) => ({
        id: alert.id,
        monitorId,
        status: statusOf(alert),
        isNew: false,
      })),
    ]),
    ...added.map((alert, i) => ({
      id: addedIds[i] ?? '',
      monitorId: alert.monitorId,
      status: statusOf(alert),
      isNew: true,
    })),
  ]);
}

function addTransitions(
  { opened, resolved }: Transitions,
  decisions: readonly Decision[],
): Transitions {
  const added = decisions.flatMap((decision) => decision.added);
  const changed = decisions.flatMap((decision) => decision.changed);
  return {
    opened: opened + added.length,
    resolved: resolved + [...added, ...changed].filter(isResolved).length,
  };
}

const statusOf = (alert: { readonly resolvedAt: number | null }): AlertStatus =>
  isResolved(alert) ? 'resolved' : 'open';

const isResolved = (alert: { readonly resolvedAt: number | null }) => alert.resolvedAt !== null;
