import type { FailedCheck } from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import type { Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';

/**
 * What an alert keeps of a failed check, from a row of `checks`: the domain's `FailedCheck` as
 * JSON.
 */
const AS_JSON = Prisma.sql`
  jsonb_build_object('slot', extract(epoch FROM slot)::int8, 'statusCode', status_code, 'reason', reason,
                     'cause', cause, 'causeDetail', cause_detail)`;

/**
 * Stores with these alerts of one shard the check that opened them and the last failure before
 * their end; open ones have none yet. Where an alert opened at a success, because its rule became
 * stricter, it is the newest failure before that.
 */
export async function keepFailedChecks(
  tx: Queryable,
  shard: number,
  alertIds: readonly string[],
): Promise<void> {
  if (alertIds.length === 0) return;
  const [bounds] = await tx.$queryRaw<{ oldest: Date | null; newest: Date | null }[]>`
    SELECT min(opened_at) - max(window_seconds) * interval '1 second' AS oldest, max(coalesce(resolved_at, opened_at)) AS newest
    FROM alerts WHERE id = ANY(${arrayLiteral(alertIds)}::uuid[])`;
  if (!bounds?.oldest || !bounds.newest) return;
  // Constant bounds on the slots let the planner use only a few partitions.
  const newestFailure = (after: Prisma.Sql, through: Prisma.Sql) => Prisma.sql`(
      SELECT ${AS_JSON} FROM checks
      WHERE shard = ${shard}::int2 AND monitor_id = a.monitor_id AND outcome = 'failure' AND slot > ${after} AND slot <= ${through}
        AND slot BETWEEN ${bounds.oldest}::timestamptz AND ${bounds.newest}::timestamptz
      ORDER BY slot DESC LIMIT 1)`;
  const windowStart = Prisma.sql`a.opened_at - a.window_seconds * interval '1 second'`;
  await tx.$executeRaw`
    UPDATE alerts SET opened_by = found.opened_by, last_failure = found.last_failure
    FROM (SELECT a.id, ${newestFailure(windowStart, Prisma.sql`a.opened_at`)} AS opened_by,
                 CASE WHEN a.resolved_at IS NOT NULL THEN ${newestFailure(windowStart, Prisma.sql`a.resolved_at`)} END AS last_failure
          FROM alerts a WHERE a.id = ANY(${arrayLiteral(alertIds)}::uuid[])) AS found
    WHERE alerts.id = found.id`;
}

/** The slowest monitor is checked every hour: one that is still down has failed within this time. */
const NEWEST_DAYS = 2;

/**
 * The last failed check of each of these monitors with an open alert; absent when older than two
 * days.
 */
export async function newestFailures(
  db: Queryable,
  alerts: readonly { readonly monitorId: string; readonly openedAt: Date }[],
): Promise<Map<string, FailedCheck>> {
  const ids = alerts.map(({ monitorId }) => monitorId);
  const oldest = new Date(Math.min(...alerts.map(({ openedAt }) => openedAt.getTime())));
  const monitors = await db.$queryRaw<{ id: string; shard: number; since: Date }[]>`
    SELECT id, shard, greatest(${oldest}::timestamptz, clock_timestamp() - ${NEWEST_DAYS} * interval '1 day') AS since
    FROM monitors WHERE id = ANY(${arrayLiteral(ids)}::uuid[])`;
  const [first] = monitors;
  if (!first) return new Map();
  // Constant shards and bounds on the slots let the planner use only a few partitions.
  const shards = [...new Set(monitors.map(({ shard }) => shard))].map(
    (shard) => Prisma.sql`${shard}::int2`,
  );
  const rows = await db.$queryRaw<{ monitorId: string; failure: unknown }[]>`
    SELECT w.id AS "monitorId", newest.failure
    FROM unnest(${arrayLiteral(monitors.map(({ id }) => id))}::uuid[], ${arrayLiteral(monitors.map(({ shard }) => shard))}::int2[]) AS w(id, shard)
    CROSS JOIN LATERAL (
      SELECT ${AS_JSON} AS failure FROM checks
      WHERE shard = w.shard AND shard IN (${Prisma.join(shards)}) AND monitor_id = w.id AND outcome = 'failure' AND slot >= ${first.since}::timestamptz
      ORDER BY slot DESC LIMIT 1
    ) AS newest`;
  return new Map(
    rows.flatMap(({ monitorId, failure }) =>
      failure === null ? [] : [[monitorId, readFailure(failure)]],
    ),
  );
}

/** From the JSON of an alert; null when empty. */
export function toFailedCheck(kept: unknown): FailedCheck | null {
  return kept === null || kept === undefined ? null : readFailure(kept);
}

function readFailure(kept: unknown): FailedCheck {
  const { slot, ...check } = kept as Omit<FailedCheck, 'slot'> & { readonly slot: number };
  return { ...check, slot: new Date(slot * 1000) };
}
