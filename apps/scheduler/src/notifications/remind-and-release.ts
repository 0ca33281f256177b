import {
  addReminders,
  oldestPendingSeconds,
  releaseHeldNotifications,
  type Db,
} from '@gomon/persistence';
import type { SchedulerMetrics } from '../metrics.ts';
import { enqueueEndedAlerts } from './enqueue-ended-alerts.ts';

export interface RemindAndReleaseDeps {
  readonly db: Db;
  readonly metrics: SchedulerMetrics;
}

/**
 * Adds notifications of ends by a pause, of reminders, and of what maintenance windows held back.
 * All schedulers may do so at once.
 */
export async function remindAndRelease({ db, metrics }: RemindAndReleaseDeps): Promise<void> {
  await enqueueEndedAlerts(db);
  await releaseHeldNotifications(db);
  await addReminders(db);
  metrics.oldestNotification.set(await oldestPendingSeconds(db));
}
