import type { Pool } from 'pg';
import type { BareInsert } from './bare-insert.ts';
import { resultOf } from './ingestion.ts';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** At a time. */
const WRITERS = 3;

export interface History {
  /** The ids of each shard's monitors. */
  readonly monitors: readonly (readonly string[])[];
  /** Seconds since the epoch; rows are stored of the slots in (`from`, `to`]. */
  readonly from: number;
  readonly to: number;
  readonly intervalSeconds: number;
}

/**
 * Stores what these monitors' past would have left, with the partitions that it had: slot by slot, so that the rows of one monitor lie
 * as far apart as they do in life. Returns how many rows.
 */
export async function storeHistory(
  bare: BareInsert,
  sql: Pool,
  history: History,
  say: (line: string) => void,
): Promise<number> {
  await makePartitions(sql, history);
  const hours = Array.from(
    { length: Math.ceil((history.to - history.from) / HOUR_SECONDS) },
    (_, hour) => hour,
  );
  const work = hours.flatMap((hour) => history.monitors.map((_, shard) => ({ hour, shard })));
  const hoursOfDay = 24 * history.monitors.length;
  let rows = 0;
  let done = 0;
  const write = async () => {
    for (let next = work.shift(); next; next = work.shift()) {
      const results = resultsOf(history, next.shard, history.from + next.hour * HOUR_SECONDS);
      await bare.insert(next.shard, results);
      rows += results.length;
      if (++done % (5 * hoursOfDay) === 0)
        say(`  ${rows.toLocaleString('en')} rows of ${done / hoursOfDay} days`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return rows;
}

function resultsOf({ monitors, to, intervalSeconds }: History, shard: number, after: number) {
  const ids = monitors[shard] ?? [];
  const first = Math.floor(after / intervalSeconds + 1) * intervalSeconds;
  const last = Math.min(after + HOUR_SECONDS, to);
  const slots = Array.from(
    { length: Math.max(0, Math.floor((last - first) / intervalSeconds) + 1) },
    (_, n) => first + n * intervalSeconds,
  );
  return slots.flatMap((slot, round) => ids.map((id, i) => resultOf(id, slot, i + round)));
}

/** As maintenance made them in their time. */
async function makePartitions(sql: Pool, { monitors, from, to }: History): Promise<void> {
  const days = Array.from({ length: Math.ceil((to - from) / DAY_SECONDS) + 1 }, (_, n) =>
    startOfDay(from + n * DAY_SECONDS),
  );
  const months = [...new Set(days.map((day) => startOfMonth(day).toISOString()))].map(
    (text) => new Date(text),
  );
  for (const shard of monitors.keys()) {
    for (const day of days)
      await makePartition(
        sql,
        `checks_s${shard}`,
        day,
        new Date(day.getTime() + DAY_SECONDS * 1000),
        8,
      );
    for (const month of months)
      await makePartition(sql, `rollups_s${shard}`, month, startOfMonth(month, 1), 6);
  }
}

async function makePartition(
  sql: Pool,
  parent: string,
  from: Date,
  to: Date,
  digits: number,
): Promise<void> {
  const name = `${parent}_${from.toISOString().replaceAll('-', '').slice(0, digits)}`;
  const bounds = `FROM ('${from.toISOString()}') TO ('${to.toISOString()}')`;
  await sql.query(`CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${parent} FOR VALUES ${bounds}`);
}

const startOfDay = (second: number) =>
  new Date(Math.floor(second / DAY_SECONDS) * DAY_SECONDS * 1000);
const startOfMonth = (date: Date, later = 0) =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later));
