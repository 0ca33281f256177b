import { DomainError } from '@gomon/domain';
import type { Db, Queryable } from '../db/db.ts';

/** Identifies a request that must take effect once. */
export interface RequestKey {
  readonly userId: string;
  readonly route: string;
  readonly key: string;
}

export interface KeptAnswer {
  readonly answer: string;
  /** Whether an earlier request produced it. */
  readonly replayed: boolean;
}

/** The limit per user, so that nobody fills the disk. */
const MAX_KEYS = 10_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** Removed per request: more than the one it adds, so that expired answers do not pile up. */
const PURGED_AT_ONCE = 10;

/**
 * The answer that `work` gives, or gave up to 24 hours ago under the same key. The effects of
 * `work` and its answer are committed together or not at all; when it throws, the key is free
 * again. Requests with the same key wait for each other. Throws `idempotency_limit_reached`, and
 * rolls `work` back, when the user has stored too many answers.
 */
export async function answerOnce(
  db: Db,
  key: RequestKey,
  work: (tx: Queryable) => Promise<string>,
): Promise<KeptAnswer> {
  return db.$transaction(async (tx) => {
    if (!(await claim(tx, key))) return { answer: await keptAnswer(tx, key), replayed: true };
    const answer = await work(tx);
    await tx.idempotencyKey.update({ where: { userId_route_key: key }, data: { answer } });
    await refuseBeyondLimit(tx, key.userId);
    await purge(tx);
    return { answer, replayed: false };
  });
}

/**
 * Whether this transaction must produce the answer. Otherwise the row that holds it is locked, so
 * that it stays.
 */
async function claim(tx: Queryable, { userId, route, key }: RequestKey): Promise<boolean> {
  const claimed = await tx.$executeRaw`
    INSERT INTO idempotency_keys (user_id, route, key) VALUES (${userId}::uuid, ${route}, ${key})
    ON CONFLICT (user_id, route, key) DO UPDATE SET answer = '', created_at = now()
    WHERE idempotency_keys.created_at <= now() - interval '24 hours'`;
  return claimed > 0;
}

async function keptAnswer(tx: Queryable, key: RequestKey): Promise<string> {
  const { answer } = await tx.idempotencyKey.findUniqueOrThrow({
    where: { userId_route_key: key },
    select: { answer: true },
  });
  return answer;
}

interface Kept {
  readonly keys: number;
  readonly bytes: number;
  /** Seconds until the oldest answer expires. */
  readonly seconds: number;
}

/**
 * Transactions that store an answer of the same user wait here, so that simultaneous ones cannot
 * exceed the limit.
 */
async function refuseBeyondLimit(tx: Queryable, userId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${userId}, 1))::text`;
  const [kept] = await tx.$queryRaw<[Kept]>`
    SELECT count(*)::int AS keys, coalesce(sum(octet_length(answer)), 0)::float8 AS bytes,
           ceil(extract(epoch FROM coalesce(min(created_at), now()) + interval '24 hours' - now()))::int AS seconds
    FROM idempotency_keys WHERE user_id = ${userId}::uuid AND created_at > now() - interval '24 hours'`;
  if (kept.keys <= MAX_KEYS && kept.bytes <= MAX_ANSWER_BYTES) return;
  const message =
    'You have used too many Idempotency-Keys in the last 24 hours. Try again later, or without a key.';
  throw new DomainError('idempotency_limit_reached', message, kept.seconds);
}

async function purge(tx: Queryable): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM idempotency_keys WHERE (user_id, route, key) IN (
      SELECT user_id, route, key FROM idempotency_keys WHERE created_at <= now() - interval '24 hours'
      ORDER BY created_at LIMIT ${PURGED_AT_ONCE} FOR UPDATE SKIP LOCKED)`;
}
