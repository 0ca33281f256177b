import { randomUUID } from 'node:crypto';
import { MONITOR_DEFAULTS, defaultTimeoutMs, phaseOf, shardOf } from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import type { Queryable } from '../db/db.ts';

export interface Population {
  readonly ownerId: string;
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
export async function addNumberedMonitors(
  db: Queryable,
  population: Population,
  from: number,
  through: number,
): Promise<number> {
  const { ownerId, name, url, intervalSeconds, threshold, shardCount } = population;
  const ids = Array.from({ length: through - from + 1 }, () => randomUUID());
  const shards = ids.map((id) => shardOf(id, shardCount));
  const phases = ids.map((id) => phaseOf(id, intervalSeconds));
  return db.$executeRaw`
    INSERT INTO monitors (id, user_id, shard, phase, name, kind, target, settings, threshold, interval_seconds, timeout_ms, timeout_chosen,
                          window_seconds)
    SELECT m.id, ${ownerId}::uuid, m.shard, m.phase, ${name} || ' ' || number.n, 'http', ${url} || number.n,
           jsonb_build_object('url', ${url} || number.n), ${threshold}::int, ${intervalSeconds}::int,
           ${defaultTimeoutMs(intervalSeconds)}::int, false, ${MONITOR_DEFAULTS.windowSeconds}::int
    FROM unnest(${arrayLiteral(ids)}::uuid[], ${arrayLiteral(shards)}::int2[], ${arrayLiteral(phases)}::int[])
      WITH ORDINALITY AS m(id, shard, phase, place)
    CROSS JOIN LATERAL (SELECT ${from}::int + m.place - 1 AS n) AS number
    ON CONFLICT (user_id, name) DO NOTHING`;
}
