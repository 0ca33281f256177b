import type { Queryable } from '../db/db.ts';

/** What attempts with a password are counted by. */
export interface AttemptLimit {
  readonly key: string;
  /** So many failures cost nothing yet. */
  readonly free: number;
  /** Whether others' failures count here, too: a success then takes back no more than its own attempt. */
  readonly shared: boolean;
}

/** One failure is forgotten, and one more attempt allowed, in this time at the latest. */
const LONGEST_DELAY_SECONDS = 900;

/**
 * Counts an attempt as a failure under each of the limits, unless one of them has it wait: then it counts nowhere, and the answer
 * is the seconds to wait, rounded up. Zero means go on. Beyond the free failures the wait after each doubles from one second on.
 * At once counted attempts overshoot a limit by their number at most. Times are kept in whole milliseconds, so that one of now
 * may lie ahead: no wait is a retry at the time of counting.
 */
export async function countAttempt(db: Queryable, limits: readonly AttemptLimit[]): Promise<number> {
  const keys = limits.map((limit) => limit.key);
  const firsts = limits.map((limit) => 1 - limit.free);
  const [{ seconds }] = await db.$queryRaw<[{ seconds: number }]>`
    WITH held AS (
      SELECT max(retry_at) AS until FROM login_throttles
      WHERE key = ANY(${keys}::text[]) AND retry_at > counted_at AND retry_at > clock_timestamp()
    ), counted AS (
      INSERT INTO login_throttles AS known (key, excess, retry_at, counted_at)
      SELECT attempt.key, attempt.first, clock_timestamp(), clock_timestamp()
      FROM unnest(${keys}::text[], ${firsts}::float8[]) AS attempt(key, first), held WHERE held.until IS NULL ORDER BY key
      ON CONFLICT (key) DO UPDATE SET counted_at = excluded.counted_at, (excess, retry_at) = (
        SELECT after, excluded.counted_at + CASE WHEN round(after) < 0 THEN interval '0'
          ELSE make_interval(secs => least(${LONGEST_DELAY_SECONDS}::float8, power(2, least(round(after), 30)))) END
        FROM (SELECT 1 + greatest(
          excluded.excess - 1,
          known.excess - extract(epoch FROM excluded.counted_at - known.counted_at) / ${LONGEST_DELAY_SECONDS}::float8
        ) AS after) AS sum)
    )
    SELECT coalesce(ceil(extract(epoch FROM until - clock_timestamp())), 0)::float8 AS seconds FROM held`;
  return seconds;
}

/** The counted attempt was none: the password was right. */
export async function takeBackAttempt(db: Queryable, limits: readonly AttemptLimit[]): Promise<void> {
  const keys = (shared: boolean) => limits.filter((limit) => limit.shared === shared).map((limit) => limit.key);
  await db.$executeRaw`
    WITH ended AS (DELETE FROM login_throttles WHERE key = ANY(${keys(false)}::text[]))
    UPDATE login_throttles SET excess = excess - 1, retry_at = counted_at WHERE key = ANY(${keys(true)}::text[])`;
}

/** Removes what no attempt will find counted any more. */
export async function deleteForgottenAttempts(db: Queryable): Promise<void> {
  await db.$executeRaw`DELETE FROM login_throttles WHERE counted_at <= now() - interval '1 day'`;
}
