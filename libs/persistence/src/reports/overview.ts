import type { Monitor, MonitorStatus, Outcome, Reason } from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import type { MonitorLocation } from '../monitors/checks.ts';
import type { Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';
import { LATENCIES_OF_SUCCESSES, percentilesOf } from '../pipeline/fast/latency-histogram.ts';
import { escapePattern, readMonitors, type MonitorWithState } from '../monitors/monitors.ts';
import { latestCheck, latestKnown, MONITOR_STATUS } from './monitor-status.ts';

export interface RecentCheck {
  readonly slot: Date;
  readonly outcome: Outcome;
  readonly durationMs: number | null;
  readonly reason: Reason | null;
}

/** A monitor with the columns of an overview. */
export interface MonitorOverview extends MonitorWithState {
  readonly status: MonitorStatus;
  /** The last 40, oldest first. */
  readonly recentChecks: readonly RecentCheck[];
  /** Successes among successes and failures; null without any. */
  readonly uptime24h: number | null;
  readonly p95Ms24h: number | null;
}

export interface MonitorSelection {
  /** Part of the name or URL, regardless of case. */
  readonly q?: string | undefined;
  readonly tag?: string | undefined;
}

export interface OverviewFilter extends MonitorSelection {
  readonly state?: MonitorStatus | undefined;
  /** Only monitors after this one in the list. */
  readonly after?: Pick<Monitor, 'createdAt' | 'id'> | undefined;
  readonly limit: number;
}

export interface TagCount {
  readonly tag: string;
  readonly monitors: number;
}

const RECENT_CHECKS = 40;
const MOST_TAGS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The user's monitors, oldest first: four statements, however many there are. */
export async function listOverview(
  db: Queryable,
  ownerId: string,
  filter: OverviewFilter,
): Promise<MonitorOverview[]> {
  const chosen = await chooseMonitors(db, ownerId, filter);
  const [first] = chosen;
  if (!first) return [];
  const ids = Prisma.sql`${arrayLiteral(chosen.map(({ id }) => id))}::uuid[]`;
  const [monitors, recent, figures] = await Promise.all([
    readMonitors(db, Prisma.sql`SELECT * FROM monitors AS m WHERE id = ANY(${ids})`),
    readRecentChecks(db, chosen, first.now),
    readFigures(db, chosen, first.now),
  ]);
  return monitors.map((monitor) => ({
    ...monitor,
    status: monitor.state.status,
    recentChecks: recent.get(monitor.id) ?? [],
    ...(figures.get(monitor.id) ?? { uptime24h: null, p95Ms24h: null }),
  }));
}

/** How many of the user's monitors have each status. */
export async function countStatuses(
  db: Queryable,
  ownerId: string,
  selection: MonitorSelection = {},
): Promise<Record<MonitorStatus, number>> {
  const rows = await db.$queryRaw<{ status: MonitorStatus; monitors: number }[]>`/* prepared */
    SELECT ${MONITOR_STATUS} AS status, count(*)::int4 AS monitors FROM monitors AS m ${latestCheck()} ${latestKnown()}
    WHERE ${Prisma.join(conditionsOf(ownerId, selection), ' AND ')} GROUP BY 1`;
  const counts = Object.fromEntries(rows.map(({ status, monitors }) => [status, monitors]));
  return { up: 0, down: 0, paused: 0, pending: 0, stale: 0, ...counts };
}

/** The tags of the user's monitors, most used first; at most a thousand. */
export async function listTags(db: Queryable, ownerId: string): Promise<TagCount[]> {
  // On trust, "tag": no list of tags has a null.
  return db.$queryRaw<TagCount[]>`
    SELECT tag, count(*)::int4 AS monitors FROM monitors, unnest(tags) AS tag WHERE user_id = ${ownerId}::uuid
    GROUP BY tag ORDER BY monitors DESC, tag LIMIT ${MOST_TAGS}`;
}

interface ChosenMonitor extends MonitorLocation {
  readonly intervalSeconds: number;
  /** The database's clock. */
  readonly now: Date;
}

async function chooseMonitors(
  db: Queryable,
  ownerId: string,
  filter: OverviewFilter,
): Promise<ChosenMonitor[]> {
  const { state, after, limit } = filter;
  const statuses =
    state === undefined ? Prisma.empty : Prisma.sql`${latestCheck()} ${latestKnown()}`;
  const conditions = [
    ...conditionsOf(ownerId, filter),
    ...(state === undefined ? [] : [Prisma.sql`${MONITOR_STATUS} = ${state}`]),
    ...(after
      ? [Prisma.sql`(m.created_at, m.id) > (${after.createdAt}::timestamptz, ${after.id}::uuid)`]
      : []),
  ];
  return db.$queryRaw<ChosenMonitor[]>`/* prepared */
    SELECT m.id, m.shard, m.interval_seconds AS "intervalSeconds", clock_timestamp() AS now
    FROM monitors AS m ${statuses} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY m.created_at, m.id LIMIT ${limit}::int8`;
}

function conditionsOf(ownerId: string, { q, tag }: MonitorSelection): Prisma.Sql[] {
  const pattern = q === undefined ? '' : `%${escapePattern(q)}%`;
  return [
    Prisma.sql`m.user_id = ${ownerId}::uuid`,
    ...(q === undefined
      ? []
      : [Prisma.sql`(m.name ILIKE ${pattern} OR m.target ILIKE ${pattern})`]),
    ...(tag === undefined ? [] : [Prisma.sql`${tag} = ANY(m.tags)`]),
  ];
}

// Times are constants in these statements, so the planner uses only the partitions that hold them.

async function readRecentChecks(
  db: Queryable,
  chosen: readonly ChosenMonitor[],
  now: Date,
): Promise<Map<string, RecentCheck[]>> {
  const longest = Math.max(...chosen.map((monitor) => monitor.intervalSeconds));
  const from = new Date(now.getTime() - Math.max(HOUR_MS, RECENT_CHECKS * longest * 1000));
  const rows = await db.$queryRaw<(RecentCheck & { monitorId: string })[]>`
    SELECT w.id AS "monitorId", c.slot, c.outcome, c.duration_ms AS "durationMs", c.reason
    FROM ${unnested(chosen)} CROSS JOIN LATERAL (
      SELECT slot, outcome, duration_ms, reason FROM checks
      WHERE shard = w.shard AND monitor_id = w.id AND slot >= ${from}::timestamptz AND slot <= ${soon(now)}::timestamptz
      ORDER BY slot DESC LIMIT ${RECENT_CHECKS}
    ) AS c
    ORDER BY c.slot`;
  const checks = Map.groupBy(rows, (row) => row.monitorId);
  return new Map(
    [...checks].map(([id, own]) => [id, own.map(({ monitorId: _, ...check }) => check)]),
  );
}

interface FigureRow {
  readonly monitorId: string;
  readonly successes: number;
  readonly failures: number;
  readonly latencies: string;
}

/** The last day: its partial first hour is counted from the rows, the others from the rollups. */
async function readFigures(db: Queryable, chosen: readonly ChosenMonitor[], now: Date) {
  const from = new Date(now.getTime() - DAY_MS);
  const firstHour = new Date(Math.floor(from.getTime() / HOUR_MS + 1) * HOUR_MS);
  const rows = await db.$queryRaw<FigureRow[]>`
    SELECT w.id AS "monitorId", sum(c.successes)::int4 AS successes, sum(c.failures)::int4 AS failures, sum(c.latencies)::text AS latencies
    FROM ${unnested(chosen)} CROSS JOIN LATERAL (
      SELECT successes, failures, latencies FROM rollups
      WHERE shard = w.shard AND monitor_id = w.id AND hour >= ${firstHour}::timestamptz AND hour <= ${now}::timestamptz
      UNION ALL
      SELECT count(*) FILTER (WHERE outcome = 'success'), count(*) FILTER (WHERE outcome = 'failure'), ${LATENCIES_OF_SUCCESSES}
      FROM checks
      WHERE shard = w.shard AND monitor_id = w.id AND slot > ${from}::timestamptz AND slot < ${firstHour}::timestamptz
    ) AS c
    GROUP BY w.id`;
  return new Map(
    rows.map(({ monitorId, successes, failures, latencies }) => {
      const known = successes + failures;
      const [p95Ms24h = null] = percentilesOf(latencies, [0.95]);
      return [monitorId, { uptime24h: known === 0 ? null : successes / known, p95Ms24h }];
    }),
  );
}

function unnested(chosen: readonly MonitorLocation[]): Prisma.Sql {
  const [ids, shards] = [chosen.map(({ id }) => id), chosen.map(({ shard }) => shard)];
  return Prisma.sql`unnest(${arrayLiteral(ids)}::uuid[], ${arrayLiteral(shards)}::int2[]) AS w(id, shard)`;
}

/** A check may be dispatched up to a second early. */
function soon(now: Date): Date {
  return new Date(now.getTime() + 1000);
}
