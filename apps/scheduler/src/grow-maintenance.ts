import { maintenanceSpans } from '@gomon/maintenance';
import { deleteOldSpans, growWindow, windowsToGrow, type Db } from '@gomon/persistence';

const DAY_MS = 86_400_000;
const GROW_BELOW_DAYS = 7;
const GROW_TO_DAYS = 8;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Sees to it that the spans of recurring maintenance windows are there a week ahead. All schedulers may do so at once. */
export async function growMaintenance(db: Db, now = Date.now()): Promise<void> {
  const through = new Date(now + GROW_TO_DAYS * DAY_MS);
  for (let after = FIRST_ID; ;) {
    const windows = await windowsToGrow(db, new Date(now + GROW_BELOW_DAYS * DAY_MS), after);
    const last = windows.at(-1);
    if (!last) break;
    for (const window of windows) await growWindow(db, window, maintenanceSpans(window, window.spansThrough, through), through);
    after = last.id;
  }
  await deleteOldSpans(db);
}
