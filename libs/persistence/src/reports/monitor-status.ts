import { STALE_MARGIN_SECONDS } from '@gomon/domain';
import { Prisma } from '../generated/client.ts';

// Fragments about the row `m` of `monitors`. `statusOf` (libs/domain) is the rule in plain words;
// the database's clock decides.

export const IS_ALERTING = Prisma.sql`EXISTS (SELECT 1 FROM alerts a WHERE a.monitor_id = m.id AND a.resolved_at IS NULL)`;

/**
 * Joins the newest check as `latest`, through the newest rollup `r`: rollups cover months, checks
 * only days.
 */
export const latestCheck = (among = Prisma.empty) => Prisma.sql`
    LEFT JOIN LATERAL (
      SELECT last_slot AS "lastSlot", last_outcome AS "lastOutcome"
      FROM rollups r WHERE r.shard = m.shard ${among} AND r.monitor_id = m.id AND r.last_slot IS NOT NULL ORDER BY r.hour DESC LIMIT 1
    ) AS latest ON true`;

/** For the rollups `r`: older ones do not affect whether a monitor is stale. */
export const IN_RECENT_HOURS = Prisma.sql`AND r.hour > now() - interval '4 hours'`;

/**
 * Joins the slot of the newest success or failure as `known`, after `latest`. Only a monitor with
 * an unknown newest check needs another lookup. `among` restricts the rollups `r`.
 */
export const latestKnown = (among = Prisma.empty) => Prisma.sql`
    CROSS JOIN LATERAL (
      SELECT CASE WHEN latest."lastOutcome" <> 'unknown' THEN latest."lastSlot" WHEN latest."lastOutcome" = 'unknown' THEN (
        SELECT max(r.last_known_slot) FROM rollups r
        WHERE r.shard = m.shard ${among} AND r.monitor_id = m.id ${IN_RECENT_HOURS}
      ) END AS slot OFFSET 0
    ) AS known`;

const STALE_SINCE = Prisma.sql`(now() - make_interval(secs => 2 * m.interval_seconds + m.timeout_ms / 1000.0::float8 + ${STALE_MARGIN_SECONDS}::int4))`;

/** Needs the joins `latest` and `known`. */
export const IS_STALE = Prisma.sql`(NOT m.paused AND greatest(m.active_since, known.slot) <= ${STALE_SINCE})`;

/** See MONITOR_STATUSES. Needs the joins `latest` and `known`. */
export const MONITOR_STATUS = Prisma.sql`
  CASE WHEN m.paused THEN 'paused'
       WHEN ${IS_ALERTING} THEN 'down'
       WHEN ${IS_STALE} THEN 'stale'
       WHEN known.slot > ${STALE_SINCE} THEN CASE latest."lastOutcome" WHEN 'success' THEN 'up' WHEN 'failure' THEN 'down' ELSE 'pending' END
       ELSE 'pending'
  END`;

/**
 * When the monitor's current maintenance ends; null outside maintenance. One lookup per window of
 * its user.
 */
export const MAINTENANCE_UNTIL = Prisma.sql`(
      SELECT max(s.until_at) FROM maintenance_windows w CROSS JOIN LATERAL (
        SELECT until_at FROM maintenance_spans WHERE window_id = w.id AND from_at <= now() ORDER BY from_at DESC LIMIT 1
      ) AS s
      WHERE w.user_id = m.user_id AND (w.monitor_id IS NULL OR w.monitor_id = m.id) AND s.until_at > now()
    )`;
