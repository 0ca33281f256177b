import type { Alert } from '@gomon/domain';
import type { Queryable } from '../db/db.ts';
import { newestFailures, toFailedCheck } from '../pipeline/failed-checks.ts';
import { Prisma } from '../generated/client.ts';
import { monitorIsThere } from '../upkeep/leftovers.ts';

export interface AlertFilter {
  readonly monitorId?: string | undefined;
  readonly state?: 'open' | 'resolved' | undefined;
  /** Only alerts that come after this one in the list. */
  readonly after?: Pick<Alert, 'openedAt' | 'id'> | undefined;
  readonly limit: number;
}

const ALERT = Prisma.sql`a`;
const COLUMNS = Prisma.sql`
  a.id, a.monitor_id AS "monitorId", a.opened_at AS "openedAt", a.resolved_at AS "resolvedAt", a.acknowledged_at AS "acknowledgedAt",
  a.failures, a.threshold, a.window_seconds AS "windowSeconds", a.ended_by AS "endedBy", a.opened_by AS "openedBy",
  a.last_failure AS "lastFailure"`;

/** The user's alerts, newest first. */
export async function listAlerts(
  db: Queryable,
  ownerId: string,
  { monitorId, state, after, limit }: AlertFilter,
): Promise<Alert[]> {
  const conditions = [
    Prisma.sql`a.user_id = ${ownerId}::uuid`,
    ...(monitorId === undefined ? [] : [Prisma.sql`a.monitor_id = ${monitorId}::uuid`]),
    ...(state === undefined
      ? []
      : [
          state === 'open'
            ? Prisma.sql`a.resolved_at IS NULL`
            : Prisma.sql`a.resolved_at IS NOT NULL`,
        ]),
    ...(after
      ? [
          Prisma.sql`a.opened_at <= ${after.openedAt}::timestamptz`,
          Prisma.sql`(a.opened_at < ${after.openedAt}::timestamptz OR a.id > ${after.id}::uuid)`,
        ]
      : []),
    monitorIsThere(ALERT),
  ];
  // On trust, "endedBy": nothing else is ever written there.
  const rows = await db.$queryRaw<AlertRow[]>`
    SELECT ${COLUMNS} FROM alerts a WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY a.opened_at DESC, a.id LIMIT ${limit}::int8`;
  return toAlerts(db, rows);
}

/** Marks the user's alert as seen; the first moment stays. Null when the user has no such alert. */
export async function acknowledgeAlert(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<Alert | null> {
  // On trust, "endedBy": nothing else is ever written there.
  // On trust, "acknowledgedAt": others are read as this row is.
  const rows = await db.$queryRaw<AlertRow[]>`
    UPDATE alerts a SET acknowledged_at = coalesce(acknowledged_at, clock_timestamp())
    WHERE id = ${id}::uuid AND user_id = ${ownerId}::uuid AND ${monitorIsThere(ALERT)}
    RETURNING ${COLUMNS}`;
  const [alert] = await toAlerts(db, rows);
  return alert ?? null;
}

type AlertRow = Omit<Alert, 'openedBy' | 'lastFailure'> & {
  readonly openedBy: unknown;
  readonly lastFailure: unknown;
};

async function toAlerts(db: Queryable, rows: readonly AlertRow[]): Promise<Alert[]> {
  const open = rows.filter(({ resolvedAt }) => resolvedAt === null);
  const newest = open.length === 0 ? null : await newestFailures(db, open);
  return rows.map((row) => {
    const openedBy = toFailedCheck(row.openedBy);
    const lastFailure = toFailedCheck(row.lastFailure) ?? newest?.get(row.monitorId) ?? openedBy;
    return { ...row, openedBy, lastFailure };
  });
}
