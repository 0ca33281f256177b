import type {
  AlertEnd,
  FailedCheck,
  NotificationContent,
  NotifiedCheck,
  NotifiedFailure,
} from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import type { Queryable } from '../db/db.ts';
import { toFailedCheck } from '../pipeline/failed-checks.ts';

const LAST_CHECKS = 5;

type Facts = MonitorFacts & (AlertFacts | { readonly [Name in keyof AlertFacts]: null });

interface AlertFacts {
  readonly alertId: string;
  readonly openedAt: Date;
  readonly failures: number;
  readonly threshold: number;
  readonly windowSeconds: number;
}

interface MonitorFacts {
  readonly id: string;
  readonly monitorId: string;
  readonly monitorName: string;
  readonly kind: string;
  readonly target: string;
  readonly failedTarget: string | null;
  readonly resolvedAt: Date | null;
  readonly endedBy: AlertEnd | null;
  readonly openedBy: unknown;
  readonly lastFailure: unknown;
  readonly earlier: NotificationContent | null;
  readonly now: Date;
  readonly lastChecks: readonly (Omit<NotifiedCheck, 'slot'> & { readonly slot: number })[];
}

/**
 * Composes the content of these notifications and stores it. For an alert that late results have
 * undone, it is the content of its opening, resolved now.
 */
export async function describeNotifications(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, NotificationContent>> {
  if (ids.length === 0) return new Map();
  const facts = await readFacts(db, ids);
  const contents = facts.flatMap((row) => toEntry(row)).map(([id, content]) => ({ id, content }));
  // As stored by the first sender, with fields in the table's order: so every attempt is identical
  // to the byte.
  // On trust, "content": each of these has one.
  const kept = await db.$queryRaw<{ id: string; content: NotificationContent }[]>`
    UPDATE notifications n SET content = coalesce(n.content, c.content)
    FROM jsonb_to_recordset(${JSON.stringify(contents)}::jsonb) AS c(id uuid, content jsonb)
    WHERE n.id = c.id RETURNING n.id, n.content`;
  return new Map(kept.map(({ id, content }) => [id, content]));
}

/**
 * A day back is enough: the slowest monitor is checked every hour. It limits the search to two
 * partitions.
 */
async function readFacts(db: Queryable, ids: readonly string[]): Promise<Facts[]> {
  // On trust, "endedBy": nothing else is ever written there.
  return db.$queryRaw<Facts[]>`
    SELECT n.id, m.id AS "monitorId", m.name AS "monitorName",
           CASE WHEN n.transition = 'opened' THEN coalesce(a.target, m.target) ELSE m.target END AS target,
           CASE WHEN n.transition <> 'opened' AND a.target <> m.target THEN a.target END AS "failedTarget", m.kind, a.id AS "alertId",
           a.opened_at AS "openedAt", CASE WHEN n.transition = 'resolved' THEN coalesce(a.resolved_at, clock_timestamp()) END AS "resolvedAt",
           a.failures, a.threshold, a.window_seconds AS "windowSeconds",
           CASE WHEN n.transition = 'resolved' THEN a.ended_by END AS "endedBy",
           a.opened_by AS "openedBy", CASE WHEN n.transition = 'resolved' THEN a.last_failure END AS "lastFailure", earlier.content AS earlier, clock_timestamp() AS now,
           latest.checks AS "lastChecks"
    FROM unnest(${arrayLiteral(ids)}::uuid[]) AS chosen(id)
    JOIN notifications n ON n.id = chosen.id
    JOIN monitors m ON m.id = n.monitor_id
    LEFT JOIN alerts a ON a.id = n.alert_id
    LEFT JOIN LATERAL (
      SELECT e.content FROM notifications e WHERE e.alert_id = n.alert_id AND e.channel_id = n.channel_id
        AND e.recipient = n.recipient AND e.position < n.position AND e.content IS NOT NULL ORDER BY e.position DESC LIMIT 1
    ) AS earlier ON a.id IS NULL
    CROSS JOIN LATERAL (
      SELECT CASE n.transition WHEN 'opened' THEN a.opened_at WHEN 'resolved' THEN a.resolved_at END AS slot
    ) AS "end"
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(found), '[]') AS checks FROM (
        SELECT extract(epoch FROM slot)::int8 AS slot, outcome, status_code AS "statusCode", reason, cause, cause_detail AS "causeDetail",
               duration_ms AS "durationMs"
        FROM checks WHERE shard = m.shard AND monitor_id = m.id
          AND slot <= coalesce("end".slot, now()) AND slot > coalesce("end".slot, now()) - interval '1 day'
        ORDER BY checks.slot DESC LIMIT ${LAST_CHECKS}
      ) AS found
    ) AS latest`;
}

const toNotified = (check: FailedCheck): NotifiedFailure => ({
  ...check,
  slot: check.slot.toISOString(),
});

function toEntry(row: Facts): [string, NotificationContent][] {
  const lastChecks = row.lastChecks.map((check) => ({
    ...check,
    slot: new Date(check.slot * 1000).toISOString(),
  }));
  const monitor = { id: row.monitorId, name: row.monitorName, kind: row.kind, url: row.target };
  if (row.openedAt) {
    const { failures, threshold, windowSeconds } = row;
    const end = row.endedBy && { endedBy: row.endedBy };
    const [opened, last] = [toFailedCheck(row.openedBy), toFailedCheck(row.lastFailure)];
    const failed = {
      ...(opened && { openedBy: toNotified(opened) }),
      ...(last && { lastFailure: toNotified(last) }),
    };
    const url = row.failedTarget === null ? {} : { url: row.failedTarget };
    const moments = {
      openedAt: row.openedAt.toISOString(),
      resolvedAt: row.resolvedAt?.toISOString() ?? null,
    };
    return [
      [
        row.id,
        {
          monitor,
          alert: {
            id: row.alertId,
            ...moments,
            failures,
            threshold,
            windowSeconds,
            ...end,
            ...failed,
            ...url,
          },
          lastChecks,
        },
      ],
    ];
  }
  if (!row.earlier) return [];
  return [
    [
      row.id,
      { monitor, alert: { ...row.earlier.alert, resolvedAt: row.now.toISOString() }, lastChecks },
    ],
  ];
}
