import type { CheckResult } from '@gomon/domain';
import pg from 'pg';
import {
  Prisma,
  LATENCIES_OF_SUCCESSES,
  PHASES_OF_SUCCESS,
  SUMS_OF_PHASES,
  packPhases,
} from '@gomon/persistence/testing';

/** The least that storing results with their rollups takes: it looks up no monitor and does not report existing rows. */
export interface BareInsert {
  insert(shard: number, results: readonly CheckResult[]): Promise<void>;
  stop(): Promise<void>;
}

export function openBareInsert(databaseUrl: string, connections: number): BareInsert {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connections,
    options: '-c timezone=UTC',
  });
  return {
    insert: async (shard, results) => {
      const { text, values } = statement(shard, results);
      await pool.query(text, values);
    },
    stop: () => pool.end(),
  };
}

function statement(shard: number, results: readonly CheckResult[]): Prisma.Sql {
  const column = (name: Exclude<keyof CheckResult, 'phases' | 'probeVersion' | 'causeDetail'>) =>
    `{${results.map((result) => result[name] ?? 'NULL').join(',')}}`;
  return Prisma.sql`
    WITH inserted AS (
      INSERT INTO checks (shard, monitor_id, slot, outcome, status_code, reason, duration_ms, phases, checked_at, cause)
      SELECT ${shard}::int2, monitor_id, to_timestamp(slot), outcome, status_code, reason, duration_ms, phases, to_timestamp(checked_at / 1000.0), cause
      FROM unnest(${column('monitorId')}::uuid[], ${column('slot')}::int8[], ${column('outcome')}::outcome[], ${column('statusCode')}::int2[],
                  ${column('reason')}::reason[], ${column('durationMs')}::int4[], ${`{${results.map((result) => packPhases(result) ?? 'NULL').join(',')}}`}::int4[], ${column('checkedAt')}::int8[],
                  ${column('cause')}::text[])
        AS r(monitor_id, slot, outcome, status_code, reason, duration_ms, phases, checked_at, cause)
      ON CONFLICT DO NOTHING
      RETURNING monitor_id, slot, outcome, status_code, reason, cause, duration_ms, ${PHASES_OF_SUCCESS} AS phases
    )
    INSERT INTO rollups AS r (shard, monitor_id, hour, successes, failures, unknown, success_duration_ms, latencies,
                              phased, dns_ms, connect_ms, tls_ms, first_byte_ms, last_slot, last_known_slot, last_outcome, last_status_code, last_reason, last_cause)
    SELECT ${shard}::int2, monitor_id, date_trunc('hour', slot), count(*) FILTER (WHERE outcome = 'success'),
           count(*) FILTER (WHERE outcome = 'failure'), count(*) FILTER (WHERE outcome = 'unknown'),
           coalesce(sum(duration_ms) FILTER (WHERE outcome = 'success'), 0), ${LATENCIES_OF_SUCCESSES},
           count(phases), ${SUMS_OF_PHASES}, max(slot), max(slot) FILTER (WHERE outcome <> 'unknown'),
           (array_agg(outcome ORDER BY slot DESC))[1], (array_agg(status_code ORDER BY slot DESC))[1], (array_agg(reason ORDER BY slot DESC))[1],
           (array_agg(cause ORDER BY slot DESC))[1]
    FROM inserted GROUP BY 2, 3 ORDER BY 2, 3
    ON CONFLICT (shard, monitor_id, hour) DO UPDATE SET
      successes = r.successes + excluded.successes, failures = r.failures + excluded.failures, unknown = r.unknown + excluded.unknown,
      success_duration_ms = r.success_duration_ms + excluded.success_duration_ms, latencies = r.latencies + excluded.latencies,
      phased = r.phased + excluded.phased, dns_ms = r.dns_ms + excluded.dns_ms, connect_ms = r.connect_ms + excluded.connect_ms,
      tls_ms = r.tls_ms + excluded.tls_ms, first_byte_ms = r.first_byte_ms + excluded.first_byte_ms,
      last_slot = greatest(r.last_slot, excluded.last_slot),
      last_known_slot = greatest(r.last_known_slot, excluded.last_known_slot),
      last_outcome = CASE WHEN r.last_slot > excluded.last_slot THEN r.last_outcome ELSE excluded.last_outcome END,
      last_status_code = CASE WHEN r.last_slot > excluded.last_slot THEN r.last_status_code ELSE excluded.last_status_code END,
      last_reason = CASE WHEN r.last_slot > excluded.last_slot THEN r.last_reason ELSE excluded.last_reason END,
      last_cause = CASE WHEN r.last_slot > excluded.last_slot THEN r.last_cause ELSE excluded.last_cause END`;
}
