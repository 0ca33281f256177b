import type { MaintenanceSpan, MonitorStatus, StatusMessage, StatusPageGroup } from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import type { MonitorLocation } from '../monitors/checks.ts';
import type { Queryable } from '../db/db.ts';
import {
  IS_ALERTING,
  IS_STALE,
  latestCheck,
  latestKnown,
  MAINTENANCE_UNTIL,
  MONITOR_STATUS,
} from './monitor-status.ts';

/** A public page, with recent messages. */
export interface PublishedPage {
  readonly ownerId: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly groups: readonly StatusPageGroup[];
  readonly messages: readonly StatusMessage[];
  /** The database's clock. */
  readonly now: Date;
}

/** What a page may show of a monitor, and where its rows are. */
export interface PublicMonitor extends MonitorLocation {
  readonly name: string;
  readonly status: MonitorStatus;
  readonly alerting: boolean;
  readonly stale: boolean;
  /** When its current maintenance ends; null outside maintenance. */
  readonly maintenanceUntil: Date | null;
  /** Of its newest success or failure; null when there was none for hours. */
  readonly lastKnownSlot: Date | null;
}

/** Maintenance that is on, or begins within a week. */
export interface PlannedMaintenance {
  readonly name: string;
  /** Null for all monitors of the user. */
  readonly monitorId: string | null;
  /** The next few, in order. */
  readonly spans: readonly MaintenanceSpan[];
}

export interface DayCount {
  readonly monitorId: string;
  readonly day: Date;
  readonly successes: number;
  readonly failures: number;
}

/** An alert as a span of time. */
export interface Spell {
  readonly monitorId: string;
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
  /** Whether it ended without a check that saw the target recover. Absent where not needed. */
  readonly isUnseen?: boolean;
}

const MOST_MESSAGES = 50;

/** Null when no published page has this slug. Messages ended, or began, in the last `messageDays`. */
export async function findPublishedPage(
  db: Queryable,
  slug: string,
  messageDays: number,
): Promise<PublishedPage | null> {
  const [row] = await db.$queryRaw<(Omit<PublishedPage, 'messages'> & { id: string })[]>`
    SELECT id, user_id AS "ownerId", version, title, description, groups, clock_timestamp() AS now
    FROM status_pages WHERE slug = ${slug} AND published`;
  if (!row) return null;
  const { id, ...page } = row;
  const since = new Date(page.now.getTime() - messageDays * 86_400_000);
  const messages = await db.statusMessage.findMany({
    where: { pageId: id, OR: [{ endsAt: null }, { endsAt: { gte: since } }] },
    omit: { pageId: true },
    // Current messages come first, however many have ended since they began.
    orderBy: [{ endsAt: { sort: 'desc', nulls: 'first' } }, { startsAt: 'desc' }, { id: 'asc' }],
    take: MOST_MESSAGES,
  });
  return {
    ...page,
    messages: messages.toSorted((a, b) => b.startsAt.getTime() - a.startsAt.getTime()),
  };
}

/** The monitors that exist and belong to the user. */
export async function readPublicMonitors(
  db: Queryable,
  ownerId: string,
  ids: readonly string[],
): Promise<PublicMonitor[]> {
  return db.$queryRaw<PublicMonitor[]>`/* prepared */
    SELECT m.id, m.shard, m.name, ${MONITOR_STATUS} AS status, ${IS_ALERTING} AS alerting, ${IS_STALE} AS stale,
           ${MAINTENANCE_UNTIL} AS "maintenanceUntil", known.slot AS "lastKnownSlot"
    FROM monitors m ${latestCheck()} ${latestKnown()}
    WHERE m.id = ANY(${arrayLiteral(ids)}::uuid[]) AND m.user_id = ${ownerId}::uuid`;
}

const SPANS_OF_A_WINDOW = 3;

/** Planned maintenance of these monitors of the user, earliest first. */
export async function readPlannedMaintenance(
  db: Queryable,
  ownerId: string,
  ids: readonly string[],
): Promise<PlannedMaintenance[]> {
  // On trust, "spans": there is a first one.
  const rows = await db.$queryRaw<
    (Omit<PlannedMaintenance, 'spans'> & { spans: { from: string; until: string }[] })[]
  >`
    SELECT w.name, w.monitor_id AS "monitorId", planned.spans
    FROM maintenance_windows w CROSS JOIN LATERAL (
      SELECT json_agg(json_build_object('from', from_at, 'until', until_at)) AS spans, min(from_at) AS first FROM (
        SELECT from_at, until_at FROM maintenance_spans
        WHERE window_id = w.id AND until_at > now() AND from_at < now() + interval '7 days'
          AND from_at > now() - make_interval(secs => w.duration_seconds) - interval '1 day'
        ORDER BY from_at LIMIT ${SPANS_OF_A_WINDOW}
      ) AS s
    ) AS planned
    WHERE w.user_id = ${ownerId}::uuid AND (w.monitor_id IS NULL OR w.monitor_id = ANY(${arrayLiteral(ids)}::uuid[]))
      AND planned.first IS NOT NULL
    ORDER BY planned.first, w.created_at, w.id`;
  return rows.map(({ spans, ...row }) => ({
    ...row,
    spans: spans.map(({ from, until }) => ({ from: new Date(from), until: new Date(until) })),
  }));
}

/** The counts of each day (UTC) from the day of `from` on, before `to`. */
export async function readDays(
  db: Queryable,
  monitors: readonly MonitorLocation[],
  from: Date,
  to: Date,
): Promise<DayCount[]> {
  const [ids, shards] = [monitors.map(({ id }) => id), monitors.map(({ shard }) => shard)];
  return db.$queryRaw<DayCount[]>`
    SELECT w.id AS "monitorId", r.day, r.successes, r.failures
    FROM unnest(${arrayLiteral(ids)}::uuid[], ${arrayLiteral(shards)}::int2[]) AS w(id, shard)
    CROSS JOIN LATERAL (
      SELECT date_trunc('day', hour) AS day, sum(successes)::int4 AS successes, sum(failures)::int4 AS failures FROM rollups
      WHERE shard = w.shard AND monitor_id = w.id AND hour >= ${from}::timestamptz AND hour < ${to}::timestamptz
      GROUP BY 1
    ) AS r`;
}

/**
 * The alerts that show on which days (UTC) from `from` on, before `to`, one was open: per monitor
 * the open one, and for each day the newest that opened on that day or before. Each monitor costs
 * one index lookup per day with alerts, however many there are.
 */
export async function readSpells(
  db: Queryable,
  ids: readonly string[],
  from: Date,
  to: Date,
): Promise<Spell[]> {
  return db.$queryRaw<Spell[]>`
    SELECT w.id AS "monitorId", s.opened_at AS "openedAt", s.resolved_at AS "resolvedAt"
    FROM unnest(${arrayLiteral(ids)}::uuid[]) AS w(id) CROSS JOIN LATERAL (
      WITH RECURSIVE spells AS (
        (SELECT opened_at, resolved_at FROM alerts WHERE monitor_id = w.id AND opened_at < ${to}::timestamptz ORDER BY opened_at DESC LIMIT 1)
        UNION ALL
        SELECT earlier.* FROM spells CROSS JOIN LATERAL (
          SELECT opened_at, resolved_at FROM alerts
          WHERE monitor_id = w.id AND opened_at < date_trunc('day', spells.opened_at, 'UTC') AND spells.opened_at >= ${from}::timestamptz
          ORDER BY opened_at DESC LIMIT 1
        ) AS earlier
      )
      SELECT * FROM spells WHERE resolved_at IS NULL OR resolved_at >= ${from}::timestamptz
      UNION ALL
      SELECT opened_at, resolved_at FROM alerts WHERE monitor_id = w.id AND resolved_at IS NULL AND opened_at < ${to}::timestamptz
    ) AS s`;
}

/**
 * For each monitor the open alert, and the newest that resolved at `from` or later, at most
 * `limit`.
 */
export async function readNewestSpells(
  db: Queryable,
  ids: readonly string[],
  from: Date,
  limit: number,
): Promise<Spell[]> {
  return db.$queryRaw<Spell[]>`
    SELECT w.id AS "monitorId", s.opened_at AS "openedAt", s.resolved_at AS "resolvedAt", s.ended_by IS NOT NULL AS "isUnseen"
    FROM unnest(${arrayLiteral(ids)}::uuid[]) AS w(id) CROSS JOIN LATERAL (
      SELECT opened_at, resolved_at, ended_by FROM alerts WHERE monitor_id = w.id AND resolved_at IS NULL
      UNION ALL
      (SELECT opened_at, resolved_at, ended_by FROM alerts WHERE monitor_id = w.id AND resolved_at IS NOT NULL ORDER BY opened_at DESC LIMIT ${limit}::int8)
    ) AS s
    WHERE s.resolved_at IS NULL OR s.resolved_at >= ${from}::timestamptz`;
}
