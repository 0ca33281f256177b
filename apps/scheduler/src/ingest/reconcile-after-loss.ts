// A queue that loses its data may lose results that were stored before their alerts were
// reconciled. The dispatch that notices marks the shard, in the transaction that records the gap;
// here the rows of that time are reconciled again. Safe on several schedulers at once.
import { type Db } from '@gomon/persistence';
import {
  listUnreconciled,
  markReconciled,
  unreconciledMonitors,
} from '@gomon/persistence/pipeline';
import { reconcileAlerts } from './reconcile-alerts.ts';

/**
 * Results stored longer than this before the loss had their alerts reconciled, unless ingestion
 * stood still that long.
 */
export const LOOK_BACK_SECONDS = 3600;
/** A monitor may have thousands of rows in that time. */
const MONITORS_AT_A_TIME = 20;

export async function reconcileAfterLoss(db: Db, shards: readonly number[]): Promise<void> {
  for (const shard of await listUnreconciled(db, shards)) {
    const monitors = await unreconciledMonitors(db, shard);
    for (let i = 0; i < monitors.length; i += MONITORS_AT_A_TIME)
      await reconcileAlerts(db, shard.shard, monitors.slice(i, i + MONITORS_AT_A_TIME));
    await markReconciled(db, shard);
  }
}
