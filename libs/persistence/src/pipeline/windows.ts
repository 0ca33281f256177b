import { arrayLiteral } from '../db/array-literal.ts';
import { readRows, type Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';
import type { StoredCheck } from './ingest.ts';

/** A monitor and a slot, in seconds since the epoch. */
export interface MonitorAfter {
  readonly monitorId: string;
  readonly after: number;
}

export interface KnownSlots {
  readonly failures: number[];
  readonly newestSlot: number;
}

// Constant bounds on the slots let the planner use only a few partitions; OFFSET 0 stops it from
// reading these as a whole.

/**
 * The failures after each slot, and the newest slot of a success or failure; nothing for a monitor
 * without either.
 */
export async function knownSlots(
  db: Queryable,
  shard: number,
  monitors: readonly MonitorAfter[],
): Promise<Map<string, KnownSlots>> {
  const after = monitors.map((monitor) => monitor.after);
  const rows = await db.$queryRaw<(KnownSlots & { monitorId: string })[]>`
    SELECT s.monitor_id AS "monitorId", max(extract(epoch FROM c.slot))::float8 AS "newestSlot",
           coalesce(array_agg(extract(epoch FROM c.slot)::float8) FILTER (WHERE c.outcome = 'failure'), '{}') AS "failures"
    FROM unnest(${arrayLiteral(monitors.map((m) => m.monitorId))}::uuid[], ${arrayLiteral(after)}::int8[]) AS s(monitor_id, after)
    CROSS JOIN LATERAL (
      SELECT slot, outcome FROM checks
      WHERE shard = ${shard}::int2 AND monitor_id = s.monitor_id AND slot > to_timestamp(s.after)
        AND slot > to_timestamp(${Math.min(...after)}) AND outcome <> 'unknown'
      OFFSET 0
    ) AS c
    GROUP BY 1`;
  return new Map(
    rows.map(({ monitorId, failures, newestSlot }) => [monitorId, { failures, newestSlot }]),
  );
}

/** The monitors of these checks that have a newer success or failure. */
export async function findOvertaken(
  db: Queryable,
  shard: number,
  checks: readonly Pick<StoredCheck, 'monitorId' | 'slot'>[],
): Promise<Set<string>> {
  if (checks.length === 0) return new Set();
  const slots = checks.map((check) => check.slot);
  const rows = await db.$queryRaw<{ monitorId: string }[]>`
    SELECT DISTINCT k.monitor_id AS "monitorId"
    FROM unnest(${arrayLiteral(checks.map((check) => check.monitorId))}::uuid[], ${arrayLiteral(slots)}::int8[]) AS k(monitor_id, slot)
    CROSS JOIN LATERAL (
      SELECT FROM checks
      WHERE shard = ${shard}::int2 AND monitor_id = k.monitor_id AND slot > to_timestamp(k.slot)
        AND slot > to_timestamp(${Math.min(...slots)}) AND outcome <> 'unknown'
      LIMIT 1
    ) AS newer`;
  return new Set(rows.map((row) => row.monitorId));
}

export interface AlertState {
  readonly threshold: number;
  readonly isOpen: boolean;
}

/** The alert states of the monitors in `failing`, and of those in `monitorIds` with an open alert. */
export async function alertStates(
  db: Queryable,
  monitorIds: readonly string[],
  failing: readonly string[],
): Promise<Map<string, AlertState>> {
  const rows = await readRows<AlertState & { monitorId: string }>(
    db,
    Prisma.sql`/* prepared */
    WITH alerting AS MATERIALIZED (
      SELECT monitor_id FROM alerts WHERE resolved_at IS NULL AND monitor_id = ANY(${arrayLiteral(monitorIds)}::uuid[])
    )
    SELECT id AS "monitorId", threshold, id IN (SELECT monitor_id FROM alerting) AS "isOpen"
    FROM monitors WHERE id IN (SELECT unnest(${arrayLiteral(failing)}::uuid[]) UNION SELECT monitor_id FROM alerting)`,
  );
  return new Map(
    rows.map(({ monitorId, threshold, isOpen }) => [monitorId, { threshold, isOpen }]),
  );
}
