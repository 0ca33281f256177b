import type { WindowCache, WindowState, WindowUpdate } from '@gomon/alerting';
import { alertStates, findOvertaken, type AlertState, type Db, type MonitorSince, type StoredCheck } from '@gomon/persistence';

/**
 * The monitors whose alerts these checks may have changed, each with the slot from which on. Cheap for the many that did
 * not change; a monitor that is suspected in vain costs time only, because the rows decide.
 */
export async function findSuspects(
  shard: number,
  stored: readonly StoredCheck[],
  { db, windows }: { db: Db; windows: WindowCache },
): Promise<MonitorSince[]> {
  const known = stored.filter((check) => check.outcome !== 'unknown');
  const updates = toWindowUpdates(known);
  const counts = await windows.record(shard, updates);
  const states = await alertStates(
    db,
    updates.map((update) => update.monitorId),
    [...counts.keys()],
  );
  const overtaken = await findOvertaken(
    db,
    shard,
    known.filter((check) => check.late),
  );
  return updates
    .filter(
      ({ monitorId, ...slots }) => overtaken.has(monitorId) || mayChange(slots, counts.get(monitorId), states.get(monitorId)),
    )
    .map((update) => ({ monitorId: update.monitorId, from: update.oldestSlot }));
}

function toWindowUpdates(known: readonly StoredCheck[]): WindowUpdate[] {
  return [...Map.groupBy(known, (check) => check.monitorId)].map(([monitorId, checks]) => {
    const slots = checks.map((check) => check.slot);
    return {
      monitorId,
      windowSeconds: checks[0]?.windowSeconds ?? 0,
      failures: checks.filter((check) => check.outcome === 'failure').map((check) => check.slot),
      oldestSlot: Math.min(...slots),
      newestSlot: Math.max(...slots),
    };
  });
}

/** The count at the newest slot tells, unless a slot before it may tell otherwise. */
function mayChange(
  { oldestSlot, newestSlot }: Pick<WindowUpdate, 'oldestSlot' | 'newestSlot'>,
  count: WindowState | undefined,
  state: AlertState | undefined,
): boolean {
  if (!state) return false;
  if (!count) return state.isOpen;
  if (count.late || oldestSlot < newestSlot) return true;
  return state.isOpen ? count.failures <= state.threshold : count.failures > state.threshold;
}
