import type { Outcome } from '@gomon/domain';
import { arrayLiteral } from './array-literal.ts';
import { databaseNow } from './clock.ts';
import type { Queryable } from './db.ts';

/** The newest check of a monitor. */
export interface NewestCheck {
  readonly userId: string;
  readonly monitorId: string;
  readonly slot: Date;
  readonly outcome: Outcome;
}

export interface OpenAlert {
  readonly userId: string;
  readonly alertId: string;
  readonly monitorId: string;
  readonly acknowledged: boolean;
}

/** Of these users' running monitors, those whose newest check has a slot in the last `seconds`: by one look into the rollups each. */
export async function listNewestChecks(db: Queryable, userIds: readonly string[], seconds: number): Promise<NewestCheck[]> {
  const since = new Date((await databaseNow(db)).getTime() - seconds * 1000);
  return db.$queryRaw<NewestCheck[]>`/* prepared */
    SELECT m.user_id AS "userId", m.id AS "monitorId", newest.slot, newest.outcome
    FROM monitors m CROSS JOIN LATERAL (
      SELECT last_slot AS slot, last_outcome AS outcome FROM rollups
      WHERE shard = m.shard AND monitor_id = m.id AND hour >= date_trunc('hour', ${since}::timestamptz) AND last_slot > ${since}::timestamptz
      ORDER BY hour DESC LIMIT 1
    ) AS newest
    WHERE m.user_id = ANY(${arrayLiteral(userIds)}::uuid[]) AND NOT m.paused`;
}

export async function listOpenAlerts(db: Queryable, userIds: readonly string[]): Promise<OpenAlert[]> {
  return db.$queryRaw<OpenAlert[]>`/* prepared */
    SELECT user_id AS "userId", id AS "alertId", monitor_id AS "monitorId", acknowledged_at IS NOT NULL AS acknowledged
    FROM alerts WHERE resolved_at IS NULL AND user_id = ANY(${arrayLiteral(userIds)}::uuid[])`;
}
