import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../stack/database.ts';

/** Looks at the database during the run. */
export interface Sampler {
  readonly taken: number;
  /** What was wrong at some moment. */
  readonly faults: readonly string[];
  /** How far, at some moments, every monitor that is never edited was checked: the oldest among their newest known slots. */
  readonly progress: readonly Progress[];
  stop(): Promise<void>;
}

/** Seconds since the epoch. */
export interface Progress {
  readonly at: number;
  readonly through: number;
}

const PAUSE_MS = 500;
const WHOLE_LOOK_EVERY = 4;

/** One statement sees one state of rows and rollups. */
const WRONG_ROLLUPS = `
  SELECT coalesce(r.monitor_id, c.monitor_id) AS id FROM
    (SELECT monitor_id, sum(successes) AS s, sum(failures) AS f, sum(unknown) AS u FROM rollups GROUP BY 1) r
    FULL JOIN
    (SELECT monitor_id, count(*) FILTER (WHERE outcome = 'success') AS s, count(*) FILTER (WHERE outcome = 'failure') AS f,
            count(*) FILTER (WHERE outcome = 'unknown') AS u FROM checks GROUP BY 1) c USING (monitor_id)
  WHERE (r.s, r.f, r.u) IS DISTINCT FROM (c.s, c.f, c.u)`;
const SEVERAL_OPEN =
  'SELECT monitor_id AS id FROM alerts WHERE resolved_at IS NULL GROUP BY 1 HAVING count(*) > 1';
const CHECKED_THROUGH = `
  SELECT min(newest) AS slot FROM (
    SELECT coalesce(extract(epoch FROM max(c.slot)), 0)::float8 AS newest
    FROM unnest($1::uuid[]) AS m(id) LEFT JOIN checks c ON c.monitor_id = m.id AND c.outcome <> 'unknown' GROUP BY m.id) AS each`;

export function startSampler(database: Database, untouched: readonly string[]): Sampler {
  const faults: string[] = [];
  let stopped = false;
  let taken = 0;
  const progress: Progress[] = [];

  async function look(whole: boolean): Promise<void> {
    const [row] = await database.query<{ slot: number }>(CHECKED_THROUGH, [untouched]);
    progress.push({ at: Date.now() / 1000, through: row?.slot ?? 0 });
    if (!whole) return;
    const wrong = await database.query<{ id: string }>(WRONG_ROLLUPS);
    const several = await database.query<{ id: string }>(SEVERAL_OPEN);
    faults.push(...wrong.map(({ id }) => `rollups of ${id} did not equal its rows`));
    faults.push(...several.map(({ id }) => `alerts of ${id}: several were open`));
    taken += 1;
  }

  const run = async () => {
    for (let round = 0; !stopped; round++) {
      await look(round % WHOLE_LOOK_EVERY === 0).catch(() => undefined); // The database is away: the next look will do.
      await delay(PAUSE_MS);
    }
  };
  const running = run();
  return {
    faults,
    progress,
    get taken() {
      return taken;
    },
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}
