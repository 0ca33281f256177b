import type { WindowCache, WindowState, WindowUpdate } from '@gomon/alerting';
import { findOvertaken, withOpenAlert, type Db, type IngestRule, type MonitorSince, type StoredCheck } from '@gomon/persistence';

/**
 * The monitors whose alerts these checks may have changed, each with the slot from which on. Cheap for the many that did
 * not change; a monitor that is suspected in vain costs time only, because the rows decide.
 */
export async function findSuspects(
  shard: number,
  stored: readonly StoredCheck[],
  rules: ReadonlyMap<string, IngestRule>,
  { db, windows }: { db: Db; windows: WindowCache },
): Promise<MonitorSince[]> {
  const known = stored.filter((check) => check.outcome !== 'unknown');
  const updates = toWindowUpdates(known, rules);
  const states = await windows.record(shard, updates);
  const ids = updates.map((update) => update.monitorId);
  const open = await withOpenAlert(db, ids);
  const overtaken = await findOvertaken(
    db,
    shard,
    known.filter((check) => mayBeOvertaken(check, rules.get(check.monitorId))),
  );
  return updates
    .filter((update) => {
      const threshold = rules.get(update.monitorId)?.threshold ?? 0;
      return (
        overtaken.has(update.monitorId) || mayChange(update, states.get(update.monitorId), open.has(update.monitorId), threshold)
      );
    })
    .map((update) => ({ monitorId: update.monitorId, from: update.oldestSlot }));
}

function toWindowUpdates(known: readonly StoredCheck[], rules: ReadonlyMap<string, IngestRule>): WindowUpdate[] {
  return [...Map.groupBy(known, (check) => check.monitorId)].map(([monitorId, checks]) => {
    const slots = checks.map((check) => check.slot);
    return {
      monitorId,
      windowSeconds: rules.get(monitorId)?.windowSeconds ?? 0,
      failures: checks.filter((check) => check.outcome === 'failure').map((check) => check.slot),
      oldestSlot: Math.min(...slots),
      newestSlot: Math.max(...slots),
    };
  });
}

/** The count at the newest slot tells, unless a slot before it may tell otherwise. */
function mayChange(update: WindowUpdate, state: WindowState | undefined, isOpen: boolean, threshold: number): boolean {
  if (!state) return isOpen;
  if (state.late || update.oldestSlot < update.newestSlot) return true;
  return isOpen ? state.failures <= threshold : state.failures > threshold;
}

/** Until its monitor's next slot comes, nothing newer than a check can be known. */
function mayBeOvertaken(check: StoredCheck, rule: IngestRule | undefined): boolean {
  return rule !== undefined && (rule.now >= check.slot + rule.intervalSeconds || check.slot < rule.immediateSlot);
}
