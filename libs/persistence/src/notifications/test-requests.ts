import type { Queryable } from '../db/db.ts';

/**
 * Counts that the user has asked for something to be sent: 0 when that is one of `perMinute` within the last minute, by whatever api,
 * else the seconds until the next one is. The moments stand with the user, since a channel is removed with all that it was asked for.
 */
export async function countSendingRequest(db: Queryable, userId: string, perMinute: number): Promise<number> {
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
