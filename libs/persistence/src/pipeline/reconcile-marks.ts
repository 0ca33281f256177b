import { arrayLiteral } from '../db/array-literal.ts';
import { execute, type Queryable, type SqlExecutor } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';
import type { MonitorSince } from './reconcile.ts';

/**
 * A shard that may have stored checks whose alerts were never reconciled; `since` in seconds since
 * the epoch.
 */
export interface UnreconciledShard {
  readonly shard: number;
  readonly since: number;
}

/**
 * Marks that alerts of the shard must be reconciled from `since` on. Every mark differs from the
 * previous one, so that none is taken for done.
 */
export async function markUnreconciled(
  tx: SqlExecutor,
  shard: number,
  since: number,
): Promise<void> {
  await execute(
    tx,
    Prisma.sql`
      UPDATE shards SET reconcile_since = least(to_timestamp(${since}), reconcile_since - interval '1 second') WHERE id = ${shard}::int2`,
  );
}

export async function listUnreconciled(
  db: Queryable,
  shards: readonly number[],
): Promise<UnreconciledShard[]> {
  return db.$queryRaw<UnreconciledShard[]>`
    SELECT id AS "shard", extract(epoch FROM reconcile_since)::float8 AS "since"
    FROM shards WHERE id = ANY(${arrayLiteral(shards)}::int2[]) AND reconcile_since IS NOT NULL`;
}

/**
 * Monitors whose alerts may differ from the rows: those that failed since then, and those with an
 * open alert.
 */
export async function unreconciledMonitors(
  db: Queryable,
  { shard, since }: UnreconciledShard,
): Promise<MonitorSince[]> {
  const rows = await db.$queryRaw<{ monitorId: string }[]>`
    SELECT monitor_id AS "monitorId" FROM rollups
    WHERE shard = ${shard}::int2 AND hour > to_timestamp(${since}) - interval '1 hour' AND failures > 0
    UNION
    SELECT a.monitor_id FROM alerts a JOIN monitors m ON m.id = a.monitor_id
    WHERE m.shard = ${shard}::int2 AND a.resolved_at IS NULL`;
  return rows.map(({ monitorId }) => ({ monitorId, from: since }));
}

/** Does nothing when the shard was marked again. */
export async function markReconciled(
  db: Queryable,
  { shard, since }: UnreconciledShard,
): Promise<void> {
  await db.$executeRaw`
    UPDATE shards SET reconcile_since = NULL WHERE id = ${shard}::int2 AND reconcile_since = to_timestamp(${since})`;
}
