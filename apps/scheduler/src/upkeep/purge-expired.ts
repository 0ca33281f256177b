import {
  PURGED_AT_ONCE,
  purgeAlerts,
  purgeConfirmationMails,
  purgeGaps,
  purgeMaintenanceSpans,
  purgeNotifications,
  type Queryable,
} from '@gomon/persistence';

/** More than arrive between two runs; the rest waits for the next run. */
const MOST_BATCHES = 100;

/**
 * Removes in batches what the system created and is older than any view: notifications with their
 * attempts, alerts, gaps, maintenance spans. Checks and rollups go with their partitions. All
 * schedulers may do so at once.
 */
export async function purgeExpired(db: Queryable, retentionDays: number): Promise<void> {
  for (const purge of [
    purgeNotifications,
    purgeAlerts,
    purgeGaps,
    purgeConfirmationMails,
    purgeMaintenanceSpans,
  ])
    for (let batch = 0; batch < MOST_BATCHES; batch++)
      if ((await purge(db, retentionDays)) < PURGED_AT_ONCE) break;
}
