import { addNumberedMonitors, connect, createUser, type Db, listShards } from '@gomon/persistence';
import pg from 'pg';

/** The monitors of a benchmark, and how many checks a second become due of them. */
export interface Load {
  /** Adds monitors that look at `url` with their number behind it: by the load target's rule one in a hundred fails. */
  register(count: number, monitors: Monitors): Promise<void>;
  /** Pauses and resumes monitors of this interval so that `checksPerSecond` checks become due each second; registers missing ones. */
  setRate(checksPerSecond: number, monitors: Monitors): Promise<void>;
  readonly sql: pg.Pool;
  stop(): Promise<void>;
}

export interface Monitors {
  readonly intervalSeconds: number;
  readonly url: string;
  /** The benchmark's own user when left out. */
  readonly ownerId?: string;
  readonly threshold?: number;
}

const BATCH_SIZE = 10_000;
const THRESHOLD = 3;

export async function openLoad(databaseUrl: string): Promise<Load> {
  const db: Db = connect({
    url: databaseUrl,
    poolSize: 2,
    applicationName: 'gomon-bench',
    statementTimeoutMs: 120_000,
    onConnectionError: () => {},
  });
  const sql = new pg.Pool({
    connectionString: databaseUrl,
    max: 3,
    options: '-c timezone=UTC -c jit=off',
  });
  const { length: shardCount } = await listShards(db);
  const { id } = await createUser(db, { username: 'bench', passwordHash: 'none' });
  let registered = 0;

  async function register(
    count: number,
    { intervalSeconds, url, ownerId = id, threshold = THRESHOLD }: Monitors,
  ): Promise<void> {
    const population = { ownerId, name: 'bench', url, intervalSeconds, threshold, shardCount };
    const last = registered + count;
    while (registered < last) {
      const through = Math.min(registered + BATCH_SIZE, last);
      await addNumberedMonitors(db, population, registered + 1, through);
      registered = through;
    }
  }

  return {
    register,
    setRate: async (checksPerSecond, monitors) => {
      const { intervalSeconds } = monitors;
      const wanted = Math.round(checksPerSecond * intervalSeconds);
      const { rows: counts } = await sql.query<{ count: number }>(
        'SELECT count(*)::int4 AS count FROM monitors WHERE interval_seconds = $1',
        [intervalSeconds],
      );
      const missing = wanted - (counts[0]?.count ?? 0);
      if (missing > 0) await register(missing, monitors);
      const { rows } = await sql.query<{ id: string }>(
        'SELECT id FROM monitors WHERE interval_seconds = $1 ORDER BY id OFFSET $2 LIMIT 1',
        [intervalSeconds, wanted],
      );
      for (let shard = 0; shard < shardCount; shard++)
        await resumeBefore(sql, shard, intervalSeconds, rows[0]?.id ?? null);
      await sql.query('VACUUM (ANALYZE) monitors'); // Or PostgreSQL would do it while costs are measured.
    },
    sql,
    stop: async () => {
      await Promise.all([db.$disconnect(), sql.end()]);
    },
  };
}

/** Shard by shard, so that no alert is kept waiting for all of these rows. Without an id all monitors of the interval are resumed. */
async function resumeBefore(
  sql: pg.Pool,
  shard: number,
  intervalSeconds: number,
  id: string | null,
): Promise<void> {
  await sql.query(
    `UPDATE monitors SET paused = coalesce(id >= $3, false), active_since = now()
     WHERE shard = $1 AND interval_seconds = $2 AND paused <> coalesce(id >= $3, false)`,
    [shard, intervalSeconds, id],
  );
}
