import type { Queryable } from '../db/db.ts';

/** What password attempts are counted by. */
export interface AttemptLimit {
  readonly key: string;
  /** This many failures cost nothing. */
  readonly free: number;
  /** Whether others' failures count here, too: a success then removes only its own attempt. */
  readonly shared: boolean;
}

/** After at most this time one failure is forgotten and one more attempt allowed. */
const LONGEST_DELAY_SECONDS = 900;

/**
 * Counts an attempt as a failure under each limit, unless a limit requires a wait: then nothing is
 * counted, and the result is the seconds to wait, rounded up. Zero means proceed. After the free
 * failures the wait doubles with each one, from one second. Simultaneous attempts exceed a limit by
 * at most their number. Times are whole milliseconds, so a current one may lie ahead: a wait is
 * never shorter than stated.
 */
export async function countAttempt(
  db: Queryable,
  limits: readonly AttemptLimit[],
): Promise<number> {
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

/** Removes the counted attempt: the password was right. */
export async function takeBackAttempt(
  db: Queryable,
  limits: readonly AttemptLimit[],
): Promise<void> {
  const keys = (shared: boolean) =>
    limits.filter((limit) => limit.shared === shared).map((limit) => limit.key);
  await db.$executeRaw`
    WITH ended AS (DELETE FROM login_throttles WHERE key = ANY(${keys(false)}::text[]))
    UPDATE login_throttles SET excess = excess - 1, retry_at = counted_at WHERE key = ANY(${keys(true)}::text[])`;
}

/** Removes counts that no attempt can reach any more. */
export async function deleteForgottenAttempts(db: Queryable): Promise<void> {
  await db.$executeRaw`DELETE FROM login_throttles WHERE counted_at <= now() - interval '1 day'`;
}
