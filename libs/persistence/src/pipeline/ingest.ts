import { MONITOR_DEFAULTS, type CheckResult, type Outcome } from '@gomon/domain';
import { arrayLiteral, textArrayLiteral } from '../db/array-literal.ts';
import { readRow, type Db, type Queryable } from '../db/db.ts';
import { isDuplicate } from '../db/fault.ts';
import { Prisma } from '../generated/client.ts';
import { LATENCIES_OF_SUCCESSES, LATENCY_OF_SUCCESS } from './fast/latency-histogram.ts';
import {
  MILLISECONDS_OF_PHASES,
  PHASES_OF_SUCCESS,
  SUMS_OF_PHASES,
  packPhases,
} from './fast/phase-shares.ts';

/** A result with the shard of its queue. */
export interface ShardResult extends CheckResult {
  readonly shard: number;
}

/** A check as stored: as its first result reported it. */
export interface StoredCheck {
  readonly shard: number;
  readonly monitorId: string;
  /** Seconds since the epoch. */
  readonly slot: number;
  readonly outcome: Outcome;
  /** From its monitor's rule. */
  readonly windowSeconds: number;
  /** Whether its monitor may have a newer check: it has none until its next slot comes. */
  readonly late: boolean;
  /** Whether its window holds slots from before a change of the rule, which may judge them otherwise. */
  readonly ruledAnew: boolean;
}

export interface StoreReport {
  /** The checks of all accepted results, new or already stored. */
  readonly stored: readonly StoredCheck[];
  readonly inserted: number;
  /** The database's clock, in seconds since the epoch. */
  readonly now: number;
}

const DAY_SECONDS = 86_400;
const USUAL_WINDOW_SECONDS = MONITOR_DEFAULTS.windowSeconds;

/**
 * Inserts the results without a row and adds exactly those to the hourly rollups, in one statement.
 * Accepts results of a monitor of its shard, with a slot within its lifetime and not older than
 * `retentionDays`, and not checked in the future. A result of outdated settings becomes `unknown`,
 * `superseded`. `results` must not repeat a check.
 */
export async function storeCheckResults(
  db: Db,
  results: readonly ShardResult[],
  retentionDays: number,
): Promise<StoreReport> {
  const report = await insert(db, results, retentionDays);
  const { inserted, now } = report;
  const windows = new Map(report.places.map((place, i) => [place, report.windows[i] ?? 0]));
  const [late, ruledAnew, superseded] = [
    new Set(report.late),
    new Set(report.ruledAnew),
    new Set(report.superseded),
  ];
  const stored = results.flatMap(
    ({ shard, monitorId, slot, outcome: found }, place): StoredCheck[] => {
      const windowSeconds = windows.get(place) ?? USUAL_WINDOW_SECONDS;
      if (windowSeconds === 0) return [];
      const outcome = superseded.has(place) ? 'unknown' : found;
      const doubts = { late: late.has(place), ruledAnew: ruledAnew.has(place) };
      return [{ shard, monitorId, slot, outcome, windowSeconds, ...doubts }];
    },
  );
  return {
    stored: inserted === stored.length ? stored : await asStored(db, stored),
    inserted,
    now,
  };
}

/**
 * Few results already have a row, as after a scheduler died: expecting none saves a third of the
 * insert.
 */
async function insert(
  db: Db,
  results: readonly ShardResult[],
  retentionDays: number,
): Promise<InsertReport> {
  try {
    return await readRow<InsertReport>(db, insertion(results, retentionDays, { allNew: true }));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return readRow<InsertReport>(db, insertion(results, retentionDays, { allNew: false }));
  }
}

/** Results are identified by their places in the batch, from 0. */
interface InsertReport {
  readonly now: number;
  /** Rejected results, and those of monitors with an unusual window. */
  readonly places: number[];
  /** For each of `places` that window, or 0 for a rejected result. */
  readonly windows: number[];
  readonly late: number[];
  readonly ruledAnew: number[];
  readonly superseded: number[];
  readonly inserted: number;
}

/**
 * All writers insert in the same order, so no two deadlock; results are sorted once, and everything
 * reads them in that order. With `allNew`, a result that already has a row makes the statement
 * fail.
 */
export function insertion(
  results: readonly ShardResult[],
  retentionDays: number,
  { allNew }: { readonly allNew: boolean },
): Prisma.Sql {
  const column = (name: Exclude<keyof ShardResult, 'phases' | 'probeVersion' | 'causeDetail'>) =>
    arrayLiteral(results.map((result) => result[name]));
  const source = allNew ? LET_IN : Prisma.sql`inserted`;
  return Prisma.sql`/* prepared */
    WITH results AS MATERIALIZED (
      SELECT r.shard, r.monitor_id, slot, place, window_seconds, checked_at, superseded,
             CASE WHEN superseded THEN 'unknown' ELSE outcome END AS outcome, CASE WHEN superseded THEN 'superseded' ELSE reason END AS reason,
             CASE WHEN NOT superseded THEN status_code END AS status_code, CASE WHEN NOT superseded THEN duration_ms END AS duration_ms,
             CASE WHEN NOT superseded THEN phases END AS phases, CASE WHEN NOT superseded THEN cause END AS cause,
             CASE WHEN NOT superseded THEN cause_detail END AS cause_detail,
             slot < active_since OR slot < immediate_slot OR second + interval_seconds <= next AS late,
             rule_since > created_at AND to_timestamp(second - window_seconds) < rule_since AS ruled_anew,
             window_seconds IS DISTINCT FROM ${USUAL_WINDOW_SECONDS}::int4 AS unusual
      FROM (SELECT floor(extract(epoch FROM now()))::int8 + 1 AS next OFFSET 0) AS clock
      CROSS JOIN (
        SELECT *, to_timestamp(second) AS slot
        FROM unnest(${column('shard')}::int2[], ${column('monitorId')}::uuid[], ${column('slot')}::int8[], ${column('outcome')}::outcome[], ${column('statusCode')}::int2[],
                    ${column('reason')}::reason[], ${column('durationMs')}::int4[], ${arrayLiteral(results.map(packPhases))}::int4[],
                    ${arrayLiteral(results.map((result) => result.probeVersion ?? 1))}::int4[], ${column('checkedAt')}::int8[],
                    ${column('cause')}::text[], ${textArrayLiteral(results.map((result) => result.causeDetail))}::text[])
          WITH ORDINALITY AS r(shard, monitor_id, second, outcome, status_code, reason, duration_ms, phases, probed, checked_at, cause, cause_detail, place)
        OFFSET 0
      ) AS r
      LEFT JOIN LATERAL (
        SELECT window_seconds, interval_seconds, active_since, immediate_slot, rule_since, created_at, probe_version <> r.probed AS superseded FROM monitors
        WHERE id = r.monitor_id AND shard = r.shard OFFSET 0
      ) AS m ON slot > created_at - interval '1 second' AND second BETWEEN next - ${retentionDays * DAY_SECONDS}::int8 AND next
      ORDER BY r.shard, monitor_id, slot
    ), inserted AS (
      INSERT INTO checks (shard, monitor_id, slot, outcome, status_code, reason, duration_ms, phases, checked_at, cause, cause_detail)
      SELECT shard, monitor_id, slot, outcome, status_code, reason, duration_ms, phases, least(to_timestamp(checked_at / 1000.0::float8), now()), cause, cause_detail
      FROM results WHERE window_seconds IS NOT NULL ORDER BY shard, monitor_id, slot
      ${allNew ? Prisma.sql`RETURNING 1` : Prisma.sql`ON CONFLICT DO NOTHING RETURNING ${COUNTED_COLUMNS}`}
    ), counted AS (
      INSERT INTO rollups (shard, monitor_id, hour, successes, failures, unknown, success_duration_ms, latencies,
                           phased, dns_ms, connect_ms, tls_ms, first_byte_ms, last_slot, last_known_slot, last_outcome, last_status_code, last_reason, last_cause)
      ${haveMonitorEach(results) ? oneEach(source) : severalEach(source)}
      ON CONFLICT (shard, monitor_id, hour) DO UPDATE SET
        successes = rollups.successes + excluded.successes,
        failures = rollups.failures + excluded.failures,
        unknown = rollups.unknown + excluded.unknown,
        success_duration_ms = rollups.success_duration_ms + excluded.success_duration_ms,
        latencies = rollups.latencies + excluded.latencies,
        phased = rollups.phased + excluded.phased,
        dns_ms = rollups.dns_ms + excluded.dns_ms,
        connect_ms = rollups.connect_ms + excluded.connect_ms,
        tls_ms = rollups.tls_ms + excluded.tls_ms,
        first_byte_ms = rollups.first_byte_ms + excluded.first_byte_ms,
        last_slot = greatest(rollups.last_slot, excluded.last_slot),
        last_known_slot = greatest(rollups.last_known_slot, excluded.last_known_slot),
        last_outcome = CASE WHEN rollups.last_slot > excluded.last_slot THEN rollups.last_outcome ELSE excluded.last_outcome END,
        last_status_code = CASE WHEN rollups.last_slot > excluded.last_slot THEN rollups.last_status_code ELSE excluded.last_status_code END,
        last_reason = CASE WHEN rollups.last_slot > excluded.last_slot THEN rollups.last_reason ELSE excluded.last_reason END,
        last_cause = CASE WHEN rollups.last_slot > excluded.last_slot THEN rollups.last_cause ELSE excluded.last_cause END
    )
    SELECT extract(epoch FROM clock_timestamp())::float8 AS now,
           coalesce(array_agg(place::int4 - 1) FILTER (WHERE unusual), '{}') AS places,
           coalesce(array_agg(coalesce(window_seconds, 0)) FILTER (WHERE unusual), '{}') AS windows,
           coalesce(array_agg(place::int4 - 1) FILTER (WHERE late), '{}') AS late,
           coalesce(array_agg(place::int4 - 1) FILTER (WHERE ruled_anew), '{}') AS "ruledAnew",
           coalesce(array_agg(place::int4 - 1) FILTER (WHERE superseded), '{}') AS superseded, (SELECT count(*)::int4 FROM inserted) AS inserted
    FROM results`;
}

/**
 * Whether every monitor appears once: then no check is repeated, and nothing must be summed before
 * the rollups.
 */
export function haveMonitorEach(results: readonly ShardResult[]): boolean {
  return new Set(results.map((result) => result.monitorId)).size === results.length;
}

const COUNTED_COLUMNS = Prisma.sql`shard, monitor_id, slot, outcome, status_code, reason, cause, duration_ms, ${PHASES_OF_SUCCESS} AS phases`;
/** Read after all have their rows: both statements lock what they write in the same order. */
const LET_IN = Prisma.sql`(
        SELECT ${COUNTED_COLUMNS} FROM results WHERE window_seconds IS NOT NULL AND (SELECT count(*) FROM inserted) > 0
      ) AS let_in`;

const severalEach = (source: Prisma.Sql) => Prisma.sql`
      SELECT shard, monitor_id, date_bin('1 hour', slot, to_timestamp(0)),
             count(*) FILTER (WHERE outcome = 'success'), count(*) FILTER (WHERE outcome = 'failure'), count(*) FILTER (WHERE outcome = 'unknown'),
             coalesce(sum(duration_ms) FILTER (WHERE outcome = 'success'), 0), ${LATENCIES_OF_SUCCESSES},
             count(phases), ${SUMS_OF_PHASES},
             max(slot), max(slot) FILTER (WHERE outcome <> 'unknown'),
             (array_agg(outcome ORDER BY slot DESC))[1], (array_agg(status_code ORDER BY slot DESC))[1],
             (array_agg(reason ORDER BY slot DESC))[1], (array_agg(cause ORDER BY slot DESC))[1]
      FROM ${source} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
/** The same for rows of distinct monitors, at a third of the cost. */
const oneEach = (source: Prisma.Sql) => Prisma.sql`
      SELECT shard, monitor_id, date_bin('1 hour', slot, to_timestamp(0)),
             (outcome = 'success')::int4, (outcome = 'failure')::int4, (outcome = 'unknown')::int4,
             CASE WHEN outcome = 'success' THEN coalesce(duration_ms, 0) ELSE 0 END, ${LATENCY_OF_SUCCESS},
             (phases IS NOT NULL)::int4, ${MILLISECONDS_OF_PHASES},
             slot, CASE WHEN outcome <> 'unknown' THEN slot END, outcome, status_code, reason, cause
      FROM ${source} ORDER BY 1, 2`;

async function asStored(db: Queryable, checks: readonly StoredCheck[]): Promise<StoredCheck[]> {
  const stored: StoredCheck[] = [];
  for (const [shard, ofShard] of Map.groupBy(checks, (check) => check.shard)) {
    const outcomes = await storedOutcomes(db, shard, ofShard);
    stored.push(
      ...ofShard.map((check, place) => ({
        ...check,
        outcome: outcomes.get(place) ?? check.outcome,
      })),
    );
  }
  return stored;
}

// Constant shards and bounds on the slots let the planner use only a few partitions; OFFSET 0 stops
// it from reading these as a whole.
async function storedOutcomes(
  db: Queryable,
  shard: number,
  checks: readonly StoredCheck[],
): Promise<Map<number, Outcome>> {
  const slots = checks.map((check) => check.slot);
  const rows = await db.$queryRaw<{ place: number; outcome: Outcome }[]>`
    SELECT k.place::int4 - 1 AS place, c.outcome
    FROM unnest(${arrayLiteral(checks.map((check) => check.monitorId))}::uuid[], ${arrayLiteral(slots)}::int8[])
      WITH ORDINALITY AS k(monitor_id, slot, place)
    CROSS JOIN LATERAL (
      SELECT outcome FROM checks
      WHERE shard = ${shard}::int2 AND monitor_id = k.monitor_id AND slot = to_timestamp(k.slot)
        AND slot BETWEEN to_timestamp(${Math.min(...slots)}) AND to_timestamp(${Math.max(...slots)})
      OFFSET 0
    ) AS c`;
  return new Map(rows.map((row) => [row.place, row.outcome]));
}
