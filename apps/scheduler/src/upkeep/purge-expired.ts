import {
  PURGED_AT_ONCE,
  purgeAlerts,
  purgeConfirmationMails,
  purgeGaps,
  purgeMaintenanceSpans,
  purgeNotifications,
  type Queryable,
} from '@gomon/persistence';

/** More than come in the time between two runs; what is left over is for the next one. */
const MOST_BATCHES = 100;

/**
 * Removes, batch by batch, what came by itself and is older than anybody looks back: notifications with their attempts, alerts, gaps, spans of maintenance.
 * Checks and rollups go with their partitions. All schedulers may do so at once.
 */
export async function purgeExpired(db: Queryable, retentionDays: number): Promise<void> {
  for (const purge of [purgeNotifications, purgeAlerts, purgeGaps, purgeConfirmationMails, purgeMaintenanceSpans])
    for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await purge(db, retentionDays)) < PURGED_AT_ONCE) break;
}
