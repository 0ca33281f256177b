import { createWindowCache, type WindowCache } from '@gomon/alerting';
import { type Db } from '@gomon/persistence';
import { knownSlots } from '@gomon/persistence/pipeline';
import type { Redis } from 'ioredis';

/** The window cache, filled from the rows of `db` wherever it has lost data. */
export function createRowBackedWindows(connections: readonly Redis[], db: Db): WindowCache {
  return createWindowCache(connections, (shard, updates) => {
    const after = updates.map(({ monitorId, newestSlot, windowSeconds }) => ({
      monitorId,
      after: newestSlot - windowSeconds,
    }));
    return knownSlots(db, shard, after);
  });
}
