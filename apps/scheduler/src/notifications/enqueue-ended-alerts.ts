import { type Db } from '@gomon/persistence';
import { keepFailedChecks, takeUnnotifiedEnds } from '@gomon/persistence/pipeline';
import { enqueueNotifications } from './enqueue.ts';

const ENDS_AT_A_TIME = 200;

/**
 * Notifies the channels of alerts that ended without a check because their monitor was paused; the
 * api ends them in the transaction of the pause. Unsent notifications are withdrawn. All schedulers
 * may do so at once.
 */
export async function enqueueEndedAlerts(db: Db): Promise<void> {
  for (;;) {
    const taken = await db.$transaction(async (tx) => {
      const ends = await takeUnnotifiedEnds(tx, ENDS_AT_A_TIME);
      for (const [shard, ofShard] of Map.groupBy(ends, (end) => end.shard))
        await keepFailedChecks(
          tx,
          shard,
          ofShard.map((end) => end.id),
        );
      await enqueueNotifications(
        tx,
        ends.map(({ id, monitorId }) => ({ id, monitorId, status: 'gone', isNew: false })),
      );
      return ends.length;
    });
    if (taken < ENDS_AT_A_TIME) return;
  }
}
