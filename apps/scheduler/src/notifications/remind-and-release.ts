import { addReminders, oldestPendingSeconds, releaseHeldNotifications, type Db } from '@gomon/persistence';
import type { SchedulerMetrics } from '../metrics.ts';
import { tellEndedAlerts } from './enqueue-ended-alerts.ts';

export interface OutboxDeps {
  readonly db: Db;
  readonly metrics: SchedulerMetrics;
}

/** Adds what was left to be told: ends by a pause, reminders, and what maintenance windows held back. All schedulers may do so at once. */
export async function tendOutbox({ db, metrics }: OutboxDeps): Promise<void> {
  await tellEndedAlerts(db);
  await releaseHeldNotifications(db);
  await addReminders(db);
  metrics.oldestNotification.set(await oldestPendingSeconds(db));
}
