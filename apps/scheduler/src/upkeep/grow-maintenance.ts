import type { MaintenanceSpan } from '@gomon/domain';
import { maintenanceSpans, oldestStart } from '@gomon/maintenance';
import { growWindow, windowsToGrow, type Db, type GrowingWindow } from '@gomon/persistence';

const DAY_MS = 86_400_000;
const GROW_BELOW_DAYS = 7;
const GROW_TO_DAYS = 8;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export interface GrowthDeps {
  readonly db: Db;
  /**
   * Called for a window with a rule that cannot be expanded. It keeps its existing spans; other
   * windows are extended.
   */
  readonly onFault: (what: string, error: Error) => void;
}

/**
 * Keeps the spans of recurring maintenance windows a week ahead; each window's step is kept when
 * the next one fails. After a pause, spans too old for any query are skipped. All schedulers may do
 * so at once.
 */
export async function growMaintenance(
  { db, onFault }: GrowthDeps,
  now = Date.now(),
): Promise<void> {
  const through = new Date(now + GROW_TO_DAYS * DAY_MS);
  for (let after = FIRST_ID; ;) {
    const windows = await windowsToGrow(db, new Date(now + GROW_BELOW_DAYS * DAY_MS), after);
    const last = windows.at(-1);
    if (!last) break;
    for (const window of windows) {
      const from = new Date(
        Math.max(window.spansThrough.getTime(), oldestStart(window, now).getTime()),
      );
      const spans = spansOf(window, from, through, onFault);
      if (spans) await growWindow(db, window, spans, through);
    }
    after = last.id;
  }
}

function spansOf(
  window: GrowingWindow,
  from: Date,
  to: Date,
  onFault: GrowthDeps['onFault'],
): MaintenanceSpan[] | null {
  try {
    return maintenanceSpans(window, from, to);
  } catch (error) {
    onFault(
      `the maintenance window ${window.id} has a rule that cannot be expanded`,
      error as Error,
    );
    return null;
  }
}
