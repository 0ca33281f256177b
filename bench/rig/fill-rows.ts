import type { Pool } from 'pg';
import { SUMS_OF_PHASES, packPhases } from '@gomon/persistence/testing';

export interface Filling {
  /** Counted backwards: 1 is yesterday. */
  readonly fromDay: number;
  readonly throughDay: number;
  /** Approximate. */
  readonly rowsPerDay: number;
}

const CHECKS_PER_DAY = 144;
const TOLD = { durationMs: 100, phases: [2, 20, 21, 50] } as const;

/** Gives the oldest monitors a check every ten minutes of these days, and its rollups. */
export async function fillRows(
  sql: Pool,
  { fromDay, throughDay, rowsPerDay }: Filling,
): Promise<void> {
  for (let day = fromDay; day <= throughDay; day++) {
    const { rows } = await sql.query<{
      day: string;
      month: string;
      nextMonth: string;
      nextDay: string;
    }>(
      `SELECT to_char(d, 'YYYY-MM-DD') AS day, to_char(d + interval '1 day', 'YYYY-MM-DD') AS "nextDay",
              to_char(d, 'YYYY-MM-01') AS month, to_char(d + interval '1 month', 'YYYY-MM-01') AS "nextMonth"
       FROM (SELECT date_trunc('day', now()) - make_interval(days => $1) AS d) AS t`,
      [day],
    );
    const [dates] = rows;
    if (!dates) throw new Error('the database does not tell the day');
    await makePartitions(sql, 'checks', dates.day, dates.nextDay, dates.day.replaceAll('-', ''));
    await makePartitions(
      sql,
      'rollups',
      dates.month,
      dates.nextMonth,
      dates.month.slice(0, 7).replace('-', ''),
    );
    await fillDay(sql, dates.day, Math.round(rowsPerDay / CHECKS_PER_DAY));
  }
}

/** As maintenance makes them, for days that it no longer would. */
async function makePartitions(
  sql: Pool,
  table: 'checks' | 'rollups',
  from: string,
  to: string,
  stamp: string,
): Promise<void> {
  const { rows } = await sql.query<{ id: number }>('SELECT id FROM shards ORDER BY id');
  for (const { id } of rows) {
    const [parent, name] = [`${table}_s${id}`, `${table}_s${id}_${stamp}`];
    await sql.query(
      `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${parent} FOR VALUES FROM ('${from}') TO ('${to}')`,
    );
  }
}

async function fillDay(sql: Pool, day: string, monitors: number): Promise<void> {
  await sql.query(
    `INSERT INTO checks (shard, monitor_id, slot, checked_at, duration_ms, phases, outcome, status_code)
     SELECT m.shard, m.id, slot, slot + interval '200 ms', $4, $5, 'success', 200
     FROM (SELECT id, shard FROM monitors ORDER BY created_at, id LIMIT $2) AS m,
          generate_series($1::timestamptz, $1::timestamptz + interval '1 day' - interval '1 second', make_interval(days => 1) / $3) AS slot
     ORDER BY m.shard, slot, m.id
     ON CONFLICT DO NOTHING`,
    [day, monitors, CHECKS_PER_DAY, TOLD.durationMs, packPhases(TOLD)],
  );
  await sql.query(
    `INSERT INTO rollups (shard, monitor_id, hour, successes, failures, unknown, success_duration_ms, phased, dns_ms, connect_ms, tls_ms, first_byte_ms)
     SELECT shard, monitor_id, date_trunc('hour', slot), count(*), 0, 0, sum(duration_ms), count(*), ${SUMS_OF_PHASES.sql}
     FROM checks WHERE slot >= $1::timestamptz AND slot < $1::timestamptz + interval '1 day'
     GROUP BY 1, 2, 3
     ON CONFLICT DO NOTHING`,
    [day],
  );
}
