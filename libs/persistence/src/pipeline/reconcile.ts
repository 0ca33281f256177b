import { randomUUID } from 'node:crypto';
import type { AlertRule } from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import type { Queryable } from '../db/db.ts';

/** The rule that decides a monitor's alerts. */
export interface ReconcilingRule extends AlertRule {
  readonly monitorId: string;
  readonly ownerId: string;
  /** Decisions at slots before this used an earlier rule; seconds since the epoch. */
  readonly ruleSince: number;
  /** Checks of earlier slots take no part; seconds since the epoch, 0 when all do. */
  readonly windowSince: number;
  readonly target: string;
}

/** An alert in slots: seconds since the epoch. */
export interface AlertRow {
  readonly id: string;
  readonly monitorId: string;
  readonly openedAt: number;
  readonly resolvedAt: number | null;
  readonly failures: number;
}

export interface KnownCheckRow {
  readonly monitorId: string;
  readonly slot: number;
  readonly failed: boolean;
}

/** What follows a slot of one monitor, including that slot. */
export interface MonitorSince {
  readonly monitorId: string;
  readonly from: number;
}

/** Locks these monitors until the transaction ends, so that only one process at a time decides each. */
export async function lockForReconciling(
  tx: Queryable,
  monitorIds: readonly string[],
): Promise<ReconcilingRule[]> {
  return tx.$queryRaw<ReconcilingRule[]>`
    SELECT id AS "monitorId", user_id AS "ownerId", threshold, window_seconds AS "windowSeconds",
           ceil(extract(epoch FROM rule_since))::float8 AS "ruleSince",
           coalesce(ceil(extract(epoch FROM window_since)), 0)::float8 AS "windowSince", target
    FROM monitors WHERE id = ANY(${arrayLiteral(monitorIds)}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
}

/**
 * Successes and failures from these slots on, in slot order. The oldest slot is a constant in the
 * statement, so the planner skips earlier partitions; OFFSET 0 stops it from reading these as a
 * whole.
 */
export async function knownChecks(
  tx: Queryable,
  shard: number,
  since: readonly MonitorSince[],
): Promise<KnownCheckRow[]> {
  if (since.length === 0) return [];
  const slots = since.map((s) => s.from);
  return tx.$queryRaw<KnownCheckRow[]>`
    SELECT s.monitor_id AS "monitorId", extract(epoch FROM c.slot)::float8 AS "slot", c.outcome = 'failure' AS "failed"
    FROM unnest(${arrayLiteral(since.map((s) => s.monitorId))}::uuid[], ${arrayLiteral(slots)}::int8[]) AS s(monitor_id, "from")
    CROSS JOIN LATERAL (
      SELECT slot, outcome FROM checks
      WHERE shard = ${shard}::int2 AND monitor_id = s.monitor_id AND slot >= to_timestamp(s."from")
        AND slot >= to_timestamp(${Math.min(...slots)}) AND outcome <> 'unknown'
      OFFSET 0
    ) AS c
    ORDER BY c.slot`;
}

/** The alerts that the rows decide and that were open at these slots or later, in order of opening. */
export async function alertsSince(
  tx: Queryable,
  since: readonly MonitorSince[],
): Promise<AlertRow[]> {
  return tx.$queryRaw<AlertRow[]>`
    SELECT a.id, a.monitor_id AS "monitorId", extract(epoch FROM a.opened_at)::float8 AS "openedAt",
           extract(epoch FROM a.resolved_at)::float8 AS "resolvedAt", a.failures
    FROM unnest(${arrayLiteral(since.map((s) => s.monitorId))}::uuid[], ${arrayLiteral(since.map((s) => s.from))}::int8[]) AS s(monitor_id, "from")
    JOIN alerts a ON a.monitor_id = s.monitor_id AND a.ended_by IS NULL
      AND (a.resolved_at IS NULL OR a.resolved_at >= to_timestamp(s."from"))
    ORDER BY a.opened_at`;
}

export async function removeAlerts(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`DELETE FROM alerts WHERE id = ANY(${arrayLiteral(ids)}::uuid[])`;
}

export async function changeAlerts(
  tx: Queryable,
  alerts: readonly Omit<AlertRow, 'monitorId'>[],
): Promise<void> {
  const column = (name: 'id' | 'openedAt' | 'resolvedAt' | 'failures') =>
    arrayLiteral(alerts.map((alert) => alert[name]));
  await tx.$executeRaw`
    UPDATE alerts a SET opened_at = to_timestamp(c.opened_at), resolved_at = to_timestamp(c.resolved_at), failures = c.failures
    FROM unnest(${column('id')}::uuid[], ${column('openedAt')}::int8[], ${column('resolvedAt')}::int8[], ${column('failures')}::int4[])
      AS c(id, opened_at, resolved_at, failures)
    WHERE a.id = c.id`;
}

export interface NewAlert extends AlertRule, Omit<AlertRow, 'id'> {
  readonly ownerId: string;
  readonly target: string;
}

/** Returns their ids, in the same order. */
export async function addAlerts(tx: Queryable, alerts: readonly NewAlert[]): Promise<string[]> {
  const data = alerts.map((alert) => ({
    ...alert,
    id: randomUUID(),
    openedAt: new Date(alert.openedAt * 1000),
    resolvedAt: alert.resolvedAt === null ? null : new Date(alert.resolvedAt * 1000),
  }));
  await tx.alert.createMany({ data });
  return data.map((alert) => alert.id);
}

/**
 * Ends the open alerts of these paused monitors, although no check saw their targets recover; a
 * scheduler notifies their channels. Call it in the transaction that pauses them and holds their
 * rows.
 */
export async function endPausedAlerts(tx: Queryable, monitorIds: readonly string[]): Promise<void> {
  await tx.$queryRaw`SELECT FROM end_paused_alerts(${arrayLiteral(monitorIds)}::uuid[])`;
}

export interface UnnotifiedEnd {
  readonly id: string;
  readonly monitorId: string;
  readonly shard: number;
}

/**
 * Takes some ended alerts without a notification of the end; other schedulers find them again only
 * when this transaction fails.
 */
export async function takeUnnotifiedEnds(tx: Queryable, limit: number): Promise<UnnotifiedEnd[]> {
  return tx.$queryRaw<UnnotifiedEnd[]>`
    UPDATE alerts a SET end_untold = false FROM monitors m
    WHERE m.id = a.monitor_id
      AND a.id IN (SELECT u.id FROM alerts u JOIN monitors o ON o.id = u.monitor_id WHERE u.end_untold ORDER BY u.id LIMIT ${limit}::int8
                   FOR UPDATE OF u SKIP LOCKED)
    RETURNING a.id, a.monitor_id AS "monitorId", m.shard`;
}
