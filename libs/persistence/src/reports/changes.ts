import type { Outcome } from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import { databaseNow } from '../db/clock.ts';
import type { Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';
import { monitorIsThere } from '../upkeep/leftovers.ts';
import { IN_RECENT_HOURS, IS_STALE, latestCheck, latestKnown } from './monitor-status.ts';

/** What listeners learn about a running monitor. */
export interface MonitorNews {
  readonly ownerId: string;
  readonly monitorId: string;
  /** Its newest check, if recent. */
  readonly check: { readonly slot: Date; readonly outcome: Outcome } | null;
  readonly stale: boolean;
}

export interface OpenAlert {
  readonly ownerId: string;
  readonly alertId: string;
  readonly monitorId: string;
  readonly acknowledged: boolean;
}

/**
 * These users' running monitors that are stale or have a newest check with a slot in the last
 * `seconds`; one rollup lookup each.
 */
export async function listMonitorNews(
  db: Queryable,
  ownerIds: readonly string[],
  seconds: number,
): Promise<MonitorNews[]> {
  const since = new Date((await databaseNow(db)).getTime() - seconds * 1000);
  const rows = await db.$queryRaw<NewsRow[]>`/* prepared */
    SELECT m.user_id AS "ownerId", m.id AS "monitorId", latest."lastSlot" AS slot, latest."lastOutcome" AS outcome, ${IS_STALE} AS stale
    FROM monitors m ${latestCheck(IN_RECENT_HOURS)} ${latestKnown()}
    WHERE m.user_id = ANY(${arrayLiteral(ownerIds)}::uuid[]) AND NOT m.paused
      AND (latest."lastSlot" > ${since}::timestamptz OR ${IS_STALE})`;
  return rows.map(({ slot, outcome, ...row }) => ({
    ...row,
    check: slot && outcome && slot > since ? { slot, outcome } : null,
  }));
}

interface NewsRow extends Pick<MonitorNews, 'ownerId' | 'monitorId' | 'stale'> {
  readonly slot: Date | null;
  readonly outcome: Outcome | null;
}

export async function listOpenAlerts(
  db: Queryable,
  ownerIds: readonly string[],
): Promise<OpenAlert[]> {
  return db.$queryRaw<OpenAlert[]>`/* prepared */
    SELECT user_id AS "ownerId", id AS "alertId", monitor_id AS "monitorId", acknowledged_at IS NOT NULL AS acknowledged
    FROM alerts a WHERE resolved_at IS NULL AND user_id = ANY(${arrayLiteral(ownerIds)}::uuid[]) AND ${monitorIsThere(Prisma.sql`a`)}`;
}
