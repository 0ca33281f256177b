import type { Queryable } from '../db/db.ts';

/**
 * Counts a test request of the user: returns 0 within the limit of `perMinute`, across all api
 * processes, otherwise the seconds until the next one is allowed. Times are stored with the user,
 * because channels may be deleted.
 */
export async function countSendingRequest(
  db: Queryable,
  userId: string,
  perMinute: number,
): Promise<number> {
  const counted = await db.$executeRaw`
    UPDATE users SET sendings_asked_at =
      ARRAY(SELECT at FROM unnest(sendings_asked_at) AS at WHERE at > clock_timestamp() - interval '1 minute') || clock_timestamp()
    WHERE id = ${userId}::uuid
      AND (SELECT count(*) FROM unnest(sendings_asked_at) AS at WHERE at > clock_timestamp() - interval '1 minute') < ${perMinute}::int`;
  return counted > 0 ? 0 : secondsToWait(db, userId);
}

async function secondsToWait(db: Queryable, userId: string): Promise<number> {
  const [wait] = await db.$queryRaw<[{ seconds: number | null }]>`
    SELECT ceil(extract(epoch FROM min(at) + interval '1 minute' - clock_timestamp()))::int AS seconds
    FROM users CROSS JOIN unnest(sendings_asked_at) AS at
    WHERE id = ${userId}::uuid AND at > clock_timestamp() - interval '1 minute'`;
  return Math.max(1, wait.seconds ?? 1);
}
