import type { AlertRule, CheckResult, Outcome } from '@gomon/domain';
import { arrayLiteral } from './array-literal.ts';
import type { Queryable } from './db.ts';

/** What ingestion must know of a monitor. Times are seconds since the epoch. */
export interface IngestRule extends AlertRule {
  readonly monitorId: string;
  readonly intervalSeconds: number;
  readonly createdAt: number;
  /** The newest slot off the grid; 0 when there was none. */
  readonly immediateSlot: number;
  /** The database's clock. */
  readonly now: number;
}

/** A check as the table has it, which is as its first result told it. */
export interface StoredCheck {
  readonly monitorId: string;
  readonly slot: number;
  readonly outcome: Outcome;
}

/** The rules of those of the monitors that exist and belong to the shard. */
export async function ingestRules(db: Queryable, shard: number, monitorIds: readonly string[]): Promise<Map<string, IngestRule>> {
  const rows = await db.$queryRaw<IngestRule[]>`
    SELECT id AS "monitorId", threshold, window_seconds AS "windowSeconds", interval_seconds AS "intervalSeconds",
           extract(epoch FROM created_at)::float8 AS "createdAt",
           coalesce(extract(epoch FROM immediate_slot)::float8, 0) AS "immediateSlot",
           extract(epoch FROM clock_timestamp())::float8 AS "now"
    FROM monitors WHERE id = ANY(${arrayLiteral(monitorIds)}::uuid[]) AND shard = ${shard}::int2`;
  return new Map(rows.map((row) => [row.monitorId, row]));
}

/**
 * Inserts the results that have no row yet and adds those, and only those, to the hourly rollups, in one statement.
 * Returns every check of `results` as the table now has it, and how many were new. `results` name no check twice.
 */
export async function storeCheckResults(
  db: Queryable,
  shard: number,
  results: readonly CheckResult[],
): Promise<{ stored: StoredCheck[]; inserted: number }> {
  if (results.length === 0) return { stored: [], inserted: 0 };
  // All writers insert in the same order, so that no two wait for each other.
  const sorted = results.toSorted((a, b) => (a.monitorId < b.monitorId ? -1 : a.monitorId > b.monitorId ? 1 : a.slot - b.slot));
  const present = await insertResults(db, shard, sorted);
  if (present.length === 0) return { stored: sorted, inserted: sorted.length };
  const keyOf = (check: { monitorId: string; slot: number }) => `${check.monitorId} ${check.slot}`;
  const earlier = new Map((await readStored(db, shard, present)).map((check) => [keyOf(check), check]));
  return { stored: sorted.map((result) => earlier.get(keyOf(result)) ?? result), inserted: sorted.length - present.length };
}

type CheckKey = Pick<StoredCheck, 'monitorId' | 'slot'>;

/** Returns the checks that were there already. */
async function insertResults(db: Queryable, shard: number, results: readonly CheckResult[]): Promise<CheckKey[]> {
  const column = <Name extends keyof CheckResult>(name: Name) => arrayLiteral(results.map((result) => result[name]));
  return db.$queryRaw<CheckKey[]>`
    WITH results AS (
      SELECT monitor_id, to_timestamp(slot) AS slot, outcome, status_code, reason, duration_ms, to_timestamp(checked_at / 1000.0) AS checked_at
      FROM unnest(${column('monitorId')}::uuid[], ${column('slot')}::int8[], ${column('outcome')}::outcome[], ${column('statusCode')}::int2[],
                  ${column('reason')}::reason[], ${column('durationMs')}::int4[], ${column('checkedAt')}::int8[])
        AS r(monitor_id, slot, outcome, status_code, reason, duration_ms, checked_at)
    ), inserted AS (
      INSERT INTO checks (shard, monitor_id, slot, outcome, status_code, reason, duration_ms, checked_at)
      SELECT ${shard}::int2, monitor_id, slot, outcome, status_code, reason, duration_ms, checked_at FROM results
      ON CONFLICT DO NOTHING
      RETURNING monitor_id, slot, outcome, duration_ms
    ), counted AS (
      INSERT INTO rollups (shard, monitor_id, hour, successes, failures, unknown, success_duration_ms)
      SELECT ${shard}::int2, monitor_id, date_trunc('hour', slot),
             count(*) FILTER (WHERE outcome = 'success'), count(*) FILTER (WHERE outcome = 'failure'), count(*) FILTER (WHERE outcome = 'unknown'),
             coalesce(sum(duration_ms) FILTER (WHERE outcome = 'success'), 0)
      FROM inserted GROUP BY 2, 3 ORDER BY 2, 3
      ON CONFLICT (shard, monitor_id, hour) DO UPDATE SET
        successes = rollups.successes + excluded.successes,
        failures = rollups.failures + excluded.failures,
        unknown = rollups.unknown + excluded.unknown,
        success_duration_ms = rollups.success_duration_ms + excluded.success_duration_ms
    )
    SELECT monitor_id AS "monitorId", extract(epoch FROM slot)::float8 AS "slot" FROM results
    WHERE NOT EXISTS (SELECT 1 FROM inserted i WHERE i.monitor_id = results.monitor_id AND i.slot = results.slot)`;
}

async function readStored(db: Queryable, shard: number, keys: readonly CheckKey[]): Promise<StoredCheck[]> {
  return db.$queryRaw<StoredCheck[]>`
    SELECT c.monitor_id AS "monitorId", extract(epoch FROM c.slot)::float8 AS "slot", c.outcome
    FROM unnest(${arrayLiteral(keys.map((key) => key.monitorId))}::uuid[], ${arrayLiteral(keys.map((key) => key.slot))}::int8[]) AS k(monitor_id, slot)
    JOIN checks c ON c.shard = ${shard}::int2 AND c.monitor_id = k.monitor_id AND c.slot = to_timestamp(k.slot)`;
}

/** Those of the checks for whose monitor a newer check is known, success or failure. */
export async function findOvertaken(db: Queryable, shard: number, checks: readonly StoredCheck[]): Promise<Set<string>> {
  if (checks.length === 0) return new Set();
  const rows = await db.$queryRaw<{ monitorId: string }[]>`
    SELECT DISTINCT k.monitor_id AS "monitorId"
    FROM unnest(${arrayLiteral(checks.map((check) => check.monitorId))}::uuid[], ${arrayLiteral(checks.map((check) => check.slot))}::int8[]) AS k(monitor_id, slot)
    WHERE EXISTS (SELECT 1 FROM checks c WHERE c.shard = ${shard}::int2 AND c.monitor_id = k.monitor_id
                  AND c.slot > to_timestamp(k.slot) AND c.outcome <> 'unknown')`;
  return new Set(rows.map((row) => row.monitorId));
}

/** A monitor and a slot, in seconds since the epoch. */
export interface MonitorAfter {
  readonly monitorId: string;
  readonly after: number;
}

export interface KnownSlots {
  readonly failures: number[];
  readonly newestSlot: number;
}

/** The failures after each slot, and the newest slot of a success or failure; nothing for a monitor without either. */
export async function knownSlots(
  db: Queryable,
  shard: number,
  monitors: readonly MonitorAfter[],
): Promise<Map<string, KnownSlots>> {
  const rows = await db.$queryRaw<(KnownSlots & { monitorId: string })[]>`
    SELECT s.monitor_id AS "monitorId", max(extract(epoch FROM c.slot))::float8 AS "newestSlot",
           coalesce(array_agg(extract(epoch FROM c.slot)::float8) FILTER (WHERE c.outcome = 'failure'), '{}') AS "failures"
    FROM unnest(${arrayLiteral(monitors.map((m) => m.monitorId))}::uuid[], ${arrayLiteral(monitors.map((m) => m.after))}::int8[]) AS s(monitor_id, after)
    JOIN checks c ON c.shard = ${shard}::int2 AND c.monitor_id = s.monitor_id AND c.slot > to_timestamp(s.after) AND c.outcome <> 'unknown'
    GROUP BY 1`;
  return new Map(rows.map(({ monitorId, failures, newestSlot }) => [monitorId, { failures, newestSlot }]));
}

/** Those of the monitors that have an open alert. */
export async function withOpenAlert(db: Queryable, monitorIds: readonly string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ monitorId: string }[]>`
    SELECT monitor_id AS "monitorId" FROM alerts WHERE resolved_at IS NULL AND monitor_id = ANY(${arrayLiteral(monitorIds)}::uuid[])`;
  return new Set(rows.map((row) => row.monitorId));
}
