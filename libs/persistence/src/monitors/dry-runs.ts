import { DEFAULT_KIND, type CheckSettings } from '@gomon/checks';
import type { Cause, CheckResult, Outcome, Phases, Reason } from '@gomon/domain';
import { readRows, type Db, type Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';
import { packPhases, unpackPhases } from '../pipeline/fast/phase-shares.ts';

/** What a probe needs to know of what is no monitor yet. Secrets are encrypted for the dry run. */
export type DryRunSettings = CheckSettings & { readonly timeoutMs: number };

export interface NewDryRun {
  readonly id: string;
  readonly userId: string;
  readonly settings: DryRunSettings;
  /** How many dry runs a user may ask for within a minute. */
  readonly perMinute: number;
}

/** What a check would have said. */
export interface DryRunVerdict {
  readonly outcome: Outcome;
  readonly statusCode: number | null;
  readonly reason: Reason | null;
  readonly cause: Cause | null;
  readonly causeDetail: string | null;
  readonly durationMs: number | null;
  readonly phases: Phases | null;
  readonly checkedAt: Date;
}

export interface TakenDryRun {
  readonly id: string;
  readonly settings: DryRunSettings;
  readonly takenAt: Date;
  /** As that of the user's checks. */
  readonly owner: number;
}

const TAKEN_AT_ONCE = 50;

/** Asks for a dry run: 0 when that is done, else the seconds until the user may ask for another. Opens a transaction. */
export async function addDryRun(
  db: Queryable,
  { id, userId, settings, perMinute }: NewDryRun,
): Promise<number> {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
    const [last] = await tx.$queryRaw<{ waitSeconds: number }[]>`
      SELECT ceil(extract(epoch FROM created_at + interval '1 minute' - clock_timestamp()))::int4 AS "waitSeconds"
      FROM dry_runs WHERE user_id = ${userId}::uuid ORDER BY created_at DESC OFFSET ${perMinute - 1} LIMIT 1`;
    if (last && last.waitSeconds > 0) return last.waitSeconds;
    await tx.$executeRaw`
      INSERT INTO dry_runs (id, user_id, settings, created_at)
      VALUES (${id}::uuid, ${userId}::uuid, ${JSON.stringify(settings)}::jsonb, clock_timestamp())`;
    return 0;
  });
}

/** Null while nothing is known, and when the user has no such dry run. */
export async function findDryRunVerdict(
  db: Queryable,
  userId: string,
  id: string,
): Promise<DryRunVerdict | null> {
  // On trust, "cause" and "checkedAt": the verdict of a probe, written together with its outcome.
  const [row] = await db.$queryRaw<
    (Omit<DryRunVerdict, 'phases'> & { phases: number | null })[]
  >`/* prepared */
    SELECT outcome, status_code AS "statusCode", reason, cause, cause_detail AS "causeDetail", duration_ms AS "durationMs",
           phases, checked_at AS "checkedAt"
    FROM dry_runs WHERE id = ${id}::uuid AND user_id = ${userId}::uuid AND outcome IS NOT NULL`;
  return row ? { ...row, phases: unpackPhases(row.phases, row.durationMs) } : null;
}

/** Some of the dry runs that wait; each is taken once, and one that nobody took in time never. */
export async function takeDryRuns(db: Queryable, patienceSeconds: number): Promise<TakenDryRun[]> {
  const statement = Prisma.sql`/* prepared */
    UPDATE dry_runs SET taken_at = clock_timestamp()
    WHERE id IN (SELECT id FROM dry_runs
                 WHERE taken_at IS NULL AND created_at > clock_timestamp() - make_interval(secs => ${patienceSeconds}::int4)
                 ORDER BY created_at LIMIT ${TAKEN_AT_ONCE}::int8 FOR UPDATE SKIP LOCKED)
    RETURNING id, settings, taken_at AS "takenAt", uuid_hash(user_id) AS owner`;
  const taken = await readRows<TakenDryRun>(db, statement);
  // Earlier versions named no kind.
  return taken.map((dryRun) => ({
    ...dryRun,
    settings: { ...{ kind: DEFAULT_KIND }, ...dryRun.settings },
  }));
}

/** Writes down what was found. The first result of a dry run that was taken counts; whatever else claims to be one is let go. */
export async function endDryRun(db: Db, { monitorId: id, ...result }: CheckResult): Promise<void> {
  const {
    outcome,
    statusCode,
    reason,
    cause = null,
    causeDetail = null,
    durationMs,
    checkedAt,
  } = result;
  const said = { outcome, statusCode, reason, cause, causeDetail, durationMs };
  await db.dryRun.updateMany({
    where: { id, outcome: null, takenAt: { not: null } },
    data: { ...said, phases: packPhases(result), checkedAt: new Date(checkedAt) },
  });
}

/** The caller has had the answer, or has heard that there is none. */
export async function deleteOldDryRuns(db: Queryable): Promise<void> {
  await db.$executeRaw`DELETE FROM dry_runs WHERE created_at < now() - interval '5 minutes'`;
}
