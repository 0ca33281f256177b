import type { Outcome, StatusMessage, StatusPageGroup } from '@gomon/domain';
import { arrayLiteral } from './array-literal.ts';
import type { MonitorLocation } from './checks.ts';
import type { Queryable } from './db.ts';
import { Prisma } from './generated/client.ts';

/** A page as anybody may see it, with the messages that are of interest for so long. */
export interface PublishedPage {
  readonly userId: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly groups: readonly StatusPageGroup[];
  readonly messages: readonly StatusMessage[];
  /** The database's clock. */
  readonly now: Date;
}

/** What a page may show of a monitor, with where its rows are. */
export interface PublicMonitor extends MonitorLocation {
  readonly name: string;
  readonly paused: boolean;
  readonly alerting: boolean;
  readonly lastOutcome: Outcome | null;
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
}

const MOST_MESSAGES = 50;

/** Null when there is no page of this slug that is published. Messages end, or began, in the last `messageDays`. */
export async function findPublishedPage(db: Queryable, slug: string, messageDays: number): Promise<PublishedPage | null> {
  const [row] = await db.$queryRaw<(Omit<PublishedPage, 'messages'> & { id: string })[]>`
    SELECT id, user_id AS "userId", version, title, description, groups, clock_timestamp() AS now
    FROM status_pages WHERE slug = ${slug} AND published`;
  if (!row) return null;
  const { id, ...page } = row;
  const since = new Date(page.now.getTime() - messageDays * 86_400_000);
  const messages = await db.statusMessage.findMany({
    where: { pageId: id, OR: [{ endsAt: null }, { endsAt: { gte: since } }] },
    omit: { pageId: true },
    orderBy: [{ startsAt: 'desc' }, { id: 'asc' }],
    take: MOST_MESSAGES,
  });
  return { ...page, messages };
}

/** Those of the monitors that are there and the user's. */
export async function readPublicMonitors(db: Queryable, userId: string, ids: readonly string[]): Promise<PublicMonitor[]> {
  return db.$queryRaw<PublicMonitor[]>`/* prepared */
    SELECT m.id, m.shard, m.name, m.paused, latest.outcome AS "lastOutcome",
           EXISTS (SELECT FROM alerts a WHERE a.monitor_id = m.id AND a.resolved_at IS NULL) AS alerting
    FROM monitors m
    LEFT JOIN LATERAL (
      SELECT last_outcome AS outcome FROM rollups r
      WHERE r.shard = m.shard AND r.monitor_id = m.id AND r.last_slot IS NOT NULL ORDER BY r.hour DESC LIMIT 1
    ) AS latest ON true
    WHERE m.id = ANY(${arrayLiteral(ids)}::uuid[]) AND m.user_id = ${userId}::uuid`;
}

/** What was counted on each day (UTC) from the day of `from` on, before `to`. */
export async function readDays(db: Queryable, monitors: readonly MonitorLocation[], from: Date, to: Date): Promise<DayCount[]> {
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

/** The alerts that were open at `from` or later, newest first; no more than `limit`. */
export async function readSpells(db: Queryable, ids: readonly string[], from: Date, limit: number): Promise<Spell[]> {
  return db.$queryRaw<Spell[]>(Prisma.sql`
    SELECT monitor_id AS "monitorId", opened_at AS "openedAt", resolved_at AS "resolvedAt" FROM alerts
    WHERE monitor_id = ANY(${arrayLiteral(ids)}::uuid[]) AND (resolved_at IS NULL OR resolved_at >= ${from}::timestamptz)
    ORDER BY opened_at DESC LIMIT ${limit}::int8`);
}
