import type { WindowCache, WindowState, WindowUpdate } from '@gomon/alerting';
import { type Db } from '@gomon/persistence';
import {
  alertStates,
  findOvertaken,
  type AlertState,
  type MonitorSince,
  type StoredCheck,
} from '@gomon/persistence/pipeline';

/**
 * The monitors of each shard whose alerts these checks may have changed, each with the slot from
 * which to look. Cheap for the many that did not change; a false positive costs only time, because
 * the rows decide.
 */
export async function findChangedMonitors(
  stored: readonly StoredCheck[],
  { db, windows }: { db: Db; windows: WindowCache },
): Promise<Map<number, MonitorSince[]>> {
  const known = Map.groupBy(
    stored.filter((check) => check.outcome !== 'unknown'),
    (check) => check.shard,
  );
  const updates = [...known].flatMap(([shard, checks]) =>
    toWindowUpdates(checks).map((update) => ({ shard, ...update })),
  );
  const counts = await recordAll(windows, updates);
  const states = await alertStates(
    db,
    updates.map((update) => update.monitorId),
    [...counts.keys()],
  );
  const overtaken = new Set<string>();
  for (const [shard, checks] of known) {
    const late = checks.filter((check) => check.late);
    for (const monitorId of await findOvertaken(db, shard, late)) overtaken.add(monitorId);
  }
  // A success may open an alert under a new rule, and says nothing about earlier failures when
  // their window is missing.
  const ruledAnew = new Set(
    stored.filter((check) => check.ruledAnew).map((check) => check.monitorId),
  );
  const changed = updates.filter(
    ({ monitorId, ...slots }) =>
      overtaken.has(monitorId) ||
      ruledAnew.has(monitorId) ||
      mayChange(slots, counts.get(monitorId), states.get(monitorId)),
  );
  return Map.groupBy(
    changed.map(({ shard, monitorId, oldestSlot }) => ({ shard, monitorId, from: oldestSlot })),
    ({ shard }) => shard,
  );
}

type ShardUpdate = WindowUpdate & { readonly shard: number };

async function recordAll(
  windows: WindowCache,
  updates: readonly ShardUpdate[],
): Promise<Map<string, WindowState>> {
  const byShard = Map.groupBy(updates, (update) => update.shard);
  const states = await Promise.all(
    [...byShard].map(([shard, ofShard]) => windows.record(shard, ofShard)),
  );
  return new Map(states.flatMap((ofShard) => [...ofShard]));
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

/** The count at the newest slot decides, unless an earlier slot may decide differently. */
function mayChange(
  {
    oldestSlot,
    newestSlot,
    failures,
  }: Pick<WindowUpdate, 'oldestSlot' | 'newestSlot' | 'failures'>,
  count: WindowState | undefined,
  state: AlertState | undefined,
): boolean {
  if (!state) return false;
  if (!count) return state.isOpen;
  if (count.late || oldestSlot < newestSlot) return true;
  if (state.isOpen) return failures.length === 0 && count.failures <= state.threshold; // A failure resolves nothing.
  return count.failures > state.threshold;
}
