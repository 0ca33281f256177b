import { defaultsOf, type CheckSettings } from '@gomon/checks';
import type { DueSlot } from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import {
  execute,
  readRow,
  readRows,
  withDriverTransaction,
  type Db,
  type Queryable,
  type SqlExecutor,
} from '../db/db.ts';
import { Prisma } from '../generated/client.ts';

/** A due check: what to probe, for which slot (seconds since the epoch). */
export type DueCheck = CheckSettings & {
  readonly shard: number;
  readonly monitorId: string;
  readonly slot: number;
  readonly intervalSeconds: number;
  readonly timeoutMs: number;
  /** The settings' version: see `ProbeTarget`. */
  readonly probeVersion: number;
  /** Equal for all monitors of a user. */
  readonly owner: number;
};

/** A slot of some grids of one shard. */
export interface ShardSlot extends DueSlot {
  readonly shard: number;
}

export interface ShardClaim {
  readonly shard: number;
  /** The newest dispatched slot, in seconds since the epoch. */
  readonly dispatchedThrough: number;
}

/**
 * How long a dispatch may take, including the queue's answer, before the database releases its
 * shards.
 */
const CLAIM_TIMEOUT_MS = 9000;

/**
 * Runs `work` in one transaction that locks those of `shards` that no other scheduler holds; null
 * when others hold them all. `now` is the database's clock, in seconds since the epoch, with
 * fractions. When `work` throws, nothing changes. Opens a transaction.
 */
export async function withClaimedShards<Answer>(
  db: Db,
  shards: readonly number[],
  work: (tx: SqlExecutor, claims: readonly ShardClaim[], now: number) => Promise<Answer>,
): Promise<Answer | null> {
  return withDriverTransaction(db, CLAIM_TIMEOUT_MS, async (tx) => {
    const claims = await readRows<ShardClaim & { readonly now: number }>(
      tx,
      Prisma.sql`/* prepared */
        SELECT id AS "shard", extract(epoch FROM clock_timestamp())::float8 AS "now",
               extract(epoch FROM dispatched_through)::float8 AS "dispatchedThrough"
        FROM shards WHERE id = ANY(${arrayLiteral(shards)}::int2[]) ORDER BY id FOR UPDATE SKIP LOCKED`,
    );
    return claims[0] ? work(tx, claims, claims[0].now) : null;
  });
}

/** The checks of the shards' unpaused monitors at these slots of their grids. */
export async function dueChecks(tx: SqlExecutor, slots: readonly ShardSlot[]): Promise<DueCheck[]> {
  return readChecks(tx, dueMonitors(slots));
}

/** How many `dueChecks` would return. */
export async function countDueChecks(
  tx: SqlExecutor,
  slots: readonly ShardSlot[],
): Promise<number> {
  const statement = Prisma.sql`SELECT count(*)::int4 AS count FROM (${dueMonitors(slots)}) AS due`;
  return (await readRow<{ count: number }>(tx, statement)).count;
}

/** The checks of `dueChecks` without a row. */
export async function missingChecks(
  tx: SqlExecutor,
  slots: readonly ShardSlot[],
): Promise<DueCheck[]> {
  return readChecks(
    tx,
    Prisma.sql`
      SELECT due.* FROM (${dueMonitors(slots)}) AS due
      WHERE NOT EXISTS (
        SELECT 1 FROM checks c WHERE c.shard = due.shard AND c.monitor_id = due.id AND c.slot = to_timestamp(due.slot)
      )`,
  );
}

// OFFSET 0 stops the planner from reading the whole shard: one index lookup per slot, however many
// monitors there are.
function dueMonitors(slots: readonly ShardSlot[]): Prisma.Sql {
  const column = (name: keyof ShardSlot) => arrayLiteral(slots.map((slot) => slot[name]));
  return Prisma.sql`
    SELECT m.*, due.slot
    FROM unnest(${column('shard')}::int2[], ${column('intervalSeconds')}::int[], ${column('phase')}::int[], ${column('slot')}::int8[])
      AS due(shard, interval_seconds, phase, slot)
    CROSS JOIN LATERAL (
      SELECT * FROM monitors
      WHERE shard = due.shard AND interval_seconds = due.interval_seconds AND phase = due.phase AND NOT paused
      OFFSET 0
    ) AS m
    WHERE m.active_since < to_timestamp(due.slot)`;
}

/**
 * Takes the oldest immediate slots of these shards due by `through` (seconds since the epoch), at
 * most `limit` per shard. Rows that a user is changing are left for the next time.
 */
export async function takeImmediateChecks(
  tx: SqlExecutor,
  shards: readonly number[],
  through: number,
  limit: number,
): Promise<DueCheck[]> {
  return readChecks(
    tx,
    Prisma.sql`
      UPDATE monitors m SET immediate_pending = false
      WHERE m.id IN (SELECT taken.id FROM unnest(${arrayLiteral(shards)}::int2[]) AS s(shard) CROSS JOIN LATERAL (
                       SELECT id FROM monitors
                       WHERE shard = s.shard AND immediate_pending AND immediate_slot <= to_timestamp(${through})
                       ORDER BY immediate_slot LIMIT ${limit}
                       FOR NO KEY UPDATE SKIP LOCKED
                     ) AS taken)
      RETURNING m.*, extract(epoch FROM m.immediate_slot)::int8 AS slot`,
  );
}

/** The smallest interval of the shard's unpaused monitors; null when there are none. */
export async function smallestInterval(tx: SqlExecutor, shard: number): Promise<number | null> {
  const statement = Prisma.sql`SELECT min(interval_seconds) AS seconds FROM monitors WHERE shard = ${shard}::int2 AND NOT paused`;
  return (await readRow<{ seconds: number | null }>(tx, statement)).seconds;
}

/**
 * The earliest `active_since` of the shard's unpaused monitors, in seconds since the epoch; null
 * when there are none.
 */
export async function activeSince(tx: SqlExecutor, shard: number): Promise<number | null> {
  const statement = Prisma.sql`
    SELECT floor(extract(epoch FROM min(active_since)))::float8 AS seconds FROM monitors WHERE shard = ${shard}::int2 AND NOT paused`;
  return (await readRow<{ seconds: number | null }>(tx, statement)).seconds;
}

/**
 * Records that slots in (`after`, `through`] without a row will never get one; extends the shard's
 * newest gap if that reaches `after`.
 */
export async function recordGap(
  tx: SqlExecutor,
  shard: number,
  after: number,
  through: number,
): Promise<void> {
  await execute(
    tx,
    Prisma.sql`
    WITH newest AS (SELECT from_slot, through_slot FROM gaps WHERE shard = ${shard}::int2 ORDER BY from_slot DESC LIMIT 1),
         continued AS (SELECT from_slot FROM newest WHERE to_timestamp(${after}) BETWEEN from_slot AND through_slot)
    INSERT INTO gaps (shard, from_slot, through_slot)
    VALUES (${shard}::int2, coalesce((SELECT from_slot FROM continued), to_timestamp(${after})), to_timestamp(${through}))
    ON CONFLICT (shard, from_slot) DO UPDATE SET through_slot = greatest(gaps.through_slot, excluded.through_slot)`,
  );
}

export async function markDispatched(
  tx: SqlExecutor,
  shards: readonly number[],
  through: number,
): Promise<void> {
  await execute(
    tx,
    Prisma.sql`/* prepared */
      UPDATE shards SET dispatched_through = to_timestamp(${through}) WHERE id = ANY(${arrayLiteral(shards)}::int2[])`,
  );
}

/** The ids of all shards. */
export async function listShards(db: Queryable): Promise<number[]> {
  const rows = await db.shard.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
  return rows.map((row) => row.id);
}

type CheckRow = [
  shard: number,
  monitorId: string,
  slot: number,
  kind: string,
  settings: object,
  intervalSeconds: number,
  timeoutMs: number,
  probeVersion: number,
  owner: number,
];

/** A tick reads thousands: one JSON text costs a fifth of as many rows. */
async function readChecks(tx: SqlExecutor, monitors: Prisma.Sql): Promise<DueCheck[]> {
  const statement = Prisma.sql`/* prepared */
    WITH m AS (${monitors})
    SELECT json_agg(json_build_array(
      shard, id, slot, kind, settings, interval_seconds, timeout_ms, probe_version, uuid_hash(user_id)
    ))::text AS checks FROM m`;
  const { checks } = await readRow<{ checks: string | null }>(tx, statement);
  const rows = JSON.parse(checks ?? '[]') as CheckRow[];
  return rows.map(
    ([shard, monitorId, slot, kind, settings, intervalSeconds, timeoutMs, probeVersion, owner]) => {
      const check = {
        shard,
        monitorId,
        slot,
        kind,
        intervalSeconds,
        timeoutMs,
        probeVersion,
        owner,
      };
      return { ...check, ...defaultsOf(kind), ...settings } as unknown as DueCheck;
    },
  );
}
