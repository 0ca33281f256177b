import { defaultsOf } from '@gomon/checks';
import { shardOf, type Monitor, type MonitorState } from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import type { MonitorLocation } from './checks.ts';
import { readRows, type Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';
import {
  IS_ALERTING,
  IS_STALE,
  latestKnown,
  MAINTENANCE_UNTIL,
  MONITOR_STATUS,
} from '../reports/monitor-status.ts';

export interface MonitorWithState extends Monitor {
  /** What is checked, for people and for search. */
  readonly target: string;
  readonly state: MonitorState;
  readonly openAlertId: string | null;
}

export interface MonitorFilter {
  /** Part of the name, whatever its case. */
  readonly name?: string | undefined;
  readonly paused?: boolean | undefined;
  readonly alerting?: boolean | undefined;
  /** Only these. */
  readonly ids?: readonly string[] | undefined;
  /** Only monitors that come after this one in the list. */
  readonly after?: Pick<Monitor, 'createdAt' | 'id'> | undefined;
  readonly limit: number;
}

/** The user's monitors, oldest first. */
export async function listMonitors(
  db: Queryable,
  ownerId: string,
  filter: MonitorFilter,
): Promise<MonitorWithState[]> {
  const { name, paused, alerting, ids, after, limit } = filter;
  // A sub-select hides the value from the planner, which would otherwise plan for each value, with the partitions of all shards.
  const conditions = [
    Prisma.sql`user_id = (SELECT ${ownerId}::uuid)`,
    ...(paused === undefined ? [] : [Prisma.sql`paused = ${paused}`]),
    ...(name === undefined ? [] : [Prisma.sql`name ILIKE ${`%${escapePattern(name)}%`}`]),
    ...(alerting === undefined ? [] : [Prisma.sql`${IS_ALERTING} = ${alerting}`]),
    ...(ids === undefined ? [] : [Prisma.sql`id = ANY(${arrayLiteral(ids)}::uuid[])`]),
    ...(after
      ? [Prisma.sql`(created_at, id) > (${after.createdAt}::timestamptz, ${after.id}::uuid)`]
      : []),
  ];
  return readMonitors(
    db,
    Prisma.sql`SELECT * FROM monitors AS m WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY created_at, id LIMIT (SELECT ${limit}::int8)`,
  );
}

/** Null when the user has no such monitor. */
export async function findMonitor(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<MonitorWithState | null> {
  const [monitor] = await readMonitors(
    db,
    Prisma.sql`SELECT * FROM monitors AS m WHERE id = ${id}::uuid AND user_id = ${ownerId}::uuid`,
  );
  return monitor ?? null;
}

/** A monitor of a user's. */
export interface MonitorKey {
  readonly ownerId: string;
  readonly id: string;
}

/** The most monitors that one statement finds. */
export const MONITORS_AT_ONCE = 32;

/**
 * For each key, of which there are `MONITORS_AT_ONCE` at most, its monitor, or null when the user has no such monitor. Of all shards'
 * rollups only those are opened that may be theirs.
 */
export async function findMonitors(
  db: Queryable,
  keys: readonly MonitorKey[],
  shardCount: number,
): Promise<(MonitorWithState | null)[]> {
  const ids = keys.map(({ id }) => id.toLowerCase());
  const places = Array.from({ length: MONITORS_AT_ONCE }, (_, i) => ids[i] ?? ids[0] ?? '');
  const shards = places.map((id) => Prisma.sql`${shardOf(id, shardCount)}::int2`);
  const monitors = await readMonitors(
    db,
    Prisma.sql`SELECT * FROM monitors AS m WHERE id = ANY(${arrayLiteral(ids)}::uuid[])`,
    Prisma.sql`AND r.shard IN (${Prisma.join(shards)})`,
  );
  const found = new Map(monitors.map((monitor) => [monitor.id, monitor]));
  return keys.map(({ ownerId }, i) => {
    const monitor = found.get(ids[i] ?? '');
    return monitor?.ownerId === ownerId ? monitor : null;
  });
}

export interface LocatedMonitor extends MonitorLocation {
  readonly intervalSeconds: number;
}

/** Where the rows of the user's monitor are; null when the user has no such monitor. */
export async function locateMonitor(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<LocatedMonitor | null> {
  return db.monitor.findFirst({
    where: { id, ownerId },
    select: { id: true, shard: true, intervalSeconds: true },
  });
}

/** Removes the monitor, and later its alerts and notifications; false when the owner has no such monitor. Its checks are dropped with their partitions. */
export async function deleteMonitor(db: Queryable, ownerId: string, id: string): Promise<boolean> {
  const { count } = await db.monitor.deleteMany({ where: { id, ownerId } });
  return count > 0;
}

type MonitorRow = Monitor &
  Omit<MonitorState, 'alerting'> &
  Pick<MonitorWithState, 'target' | 'openAlertId'>;

/**
 * Those monitors, rows of the table, oldest first. The last check is told by the newest rollup: there are months of them to look through,
 * of the checks there are days. `among` says of which rollups, when that is known.
 */
export async function readMonitors(
  db: Queryable,
  chosen: Prisma.Sql,
  among = Prisma.empty,
): Promise<MonitorWithState[]> {
  // On trust, "lastCause": nothing else is ever written there.
  const statement = Prisma.sql`/* prepared */
    SELECT m.id, m.user_id AS "ownerId", m.name, m.kind, m.target, m.settings, m.threshold, m.interval_seconds AS "intervalSeconds", m.timeout_ms AS "timeoutMs",
           m.timeout_chosen AS "timeoutChosen",
           m.window_seconds AS "windowSeconds", m.paused, m.tags, m.version,
           m.created_at AS "createdAt", m.updated_at AS "updatedAt",
           ARRAY(SELECT channel_id FROM monitor_channels c WHERE c.monitor_id = m.id ORDER BY channel_id) AS "channelIds",
           (SELECT id FROM alerts a WHERE a.monitor_id = m.id AND a.resolved_at IS NULL) AS "openAlertId",
           ${MONITOR_STATUS} AS status, ${IS_STALE} AS stale, ${MAINTENANCE_UNTIL} AS "maintenanceUntil", latest.*
    FROM (${chosen}) AS m
    LEFT JOIN LATERAL (
      SELECT last_slot AS "lastSlot", last_outcome AS "lastOutcome", last_status_code AS "lastStatusCode", last_reason AS "lastReason",
             last_cause AS "lastCause"
      FROM rollups r WHERE r.shard = m.shard ${among} AND r.monitor_id = m.id AND r.last_slot IS NOT NULL ORDER BY r.hour DESC LIMIT 1
    ) AS latest ON true ${latestKnown(among)}
    ORDER BY m.created_at, m.id`;
  return (await readRows<MonitorRow>(db, statement)).map(toMonitor);
}

function toMonitor(row: MonitorRow): MonitorWithState {
  const {
    status,
    stale,
    maintenanceUntil,
    lastSlot,
    lastOutcome,
    lastStatusCode,
    lastReason,
    lastCause,
    ...monitor
  } = row;
  const last = { lastSlot, lastOutcome, lastStatusCode, lastReason, lastCause };
  const settings = { ...defaultsOf(monitor.kind), ...monitor.settings };
  return {
    ...monitor,
    settings,
    state: { status, alerting: monitor.openAlertId !== null, stale, maintenanceUntil, ...last },
  };
}

/** Text for LIKE that stands for itself. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}
