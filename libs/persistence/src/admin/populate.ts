import { randomUUID } from 'node:crypto';
import { MONITOR_DEFAULTS, defaultTimeoutMs, phaseOf, shardOf } from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import type { Queryable } from '../db/db.ts';

export interface Population {
  readonly userId: string;
  /** Monitor n is named "`name` n"; its URL is `url` followed by n. */
  readonly name: string;
  readonly url: string;
  readonly intervalSeconds: number;
  readonly threshold: number;
  readonly shardCount: number;
}

/**
 * Adds the monitors number `from` to `through` that the user does not have yet; returns how many.
 * They are checked only on their grids: an immediate slot for each would be one burst. A few
 * thousand per call are fast.
 */
export async function addNumberedMonitors(db: Queryable, population: Population, from: number, through: number): Promise<number> {
  const { userId, name, url, intervalSeconds, threshold, shardCount } = population;
  const { windowSeconds, method, followRedirects } = MONITOR_DEFAULTS;
  const ids = Array.from({ length: through - from + 1 }, () => randomUUID());
  const shards = ids.map((id) => shardOf(id, shardCount));
  const phases = ids.map((id) => phaseOf(id, intervalSeconds));
  return db.$executeRaw`
    INSERT INTO monitors (id, user_id, shard, phase, name, url, threshold, interval_seconds, timeout_ms, timeout_chosen, window_seconds, method,
                          expected_status, follow_redirects)
    SELECT m.id, ${userId}::uuid, m.shard, m.phase, ${name} || ' ' || (${from}::int + m.place - 1), ${url} || (${from}::int + m.place - 1),
           ${threshold}::int, ${intervalSeconds}::int, ${defaultTimeoutMs(intervalSeconds)}::int, false, ${windowSeconds}::int, ${method},
           ${arrayLiteral(MONITOR_DEFAULTS.expectedStatus)}::text[], ${followRedirects}
    FROM unnest(${arrayLiteral(ids)}::uuid[], ${arrayLiteral(shards)}::int2[], ${arrayLiteral(phases)}::int[])
      WITH ORDINALITY AS m(id, shard, phase, place)
    ON CONFLICT (user_id, name) DO NOTHING`;
}
