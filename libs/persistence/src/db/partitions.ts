import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** Any number that no other lock uses. */
const MAINTENANCE_LOCK = 76_771_001;
const DAYS_AHEAD = 7;
const DAY_MS = 86_400_000;
/** Rollups are kept for the statistics of 30 days and the bars of 90, however long rows are kept. */
const ROLLUP_RETENTION_DAYS = 91;

export interface MaintenanceReport {
  readonly created: number;
  readonly dropped: number;
}

/**
 * Creates the shards of a new database with their tables, and partitions for the next week. Throws
 * when the database was created with another number of shards: it can never change.
 */
export async function createShards(databaseUrl: string, shardCount: number): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE shards IN EXCLUSIVE MODE');
    const { rows } = await client.query<{ id: number }>('SELECT id FROM shards');
    if (rows.length > 0 && rows.length !== shardCount) {
      throw new Error(
        `SHARD_COUNT is ${shardCount}, but this database was made with ${rows.length} shards`,
      );
    }
    for (let shard = rows.length; shard < shardCount; shard++) {
      await client.query(
        `CREATE TABLE checks_s${shard} PARTITION OF checks FOR VALUES IN (${shard}) PARTITION BY RANGE (slot)`,
      );
      await client.query(
        `CREATE TABLE rollups_s${shard} PARTITION OF rollups FOR VALUES IN (${shard}) PARTITION BY RANGE (hour)`,
      );
      await client.query(
        `INSERT INTO shards (id, dispatched_through) VALUES ($1, date_trunc('second', now()))`,
        [shard],
      );
    }
    await client.query('COMMIT');
  });
  await maintainPartitions(databaseUrl, ROLLUP_RETENTION_DAYS * 100);
}

/**
 * Creates the partitions for the next week and drops those with only rows older than
 * `retentionDays` days (rollups: at least 91). Creating blocks nobody; dropping blocks a shard for
 * at most half a second, and leaves a partition in use for the next run. Returns null when another
 * process does this.
 */
export async function maintainPartitions(
  databaseUrl: string,
  retentionDays: number,
): Promise<MaintenanceReport | null> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS locked',
      [MAINTENANCE_LOCK],
    );
    if (!rows[0]?.locked) return null;
    const existing = await listPartitions(client);
    const now = await databaseTime(client);
    const wanted = (await listShards(client)).flatMap((shard) => wantedPartitions(shard, now));
    const names = new Set(existing.map((partition) => partition.name));
    const missing = wanted.filter((partition) => !names.has(partition.name));
    for (const partition of missing) await createPartition(client, partition);
    const expired = existing.filter(
      (partition) => endOf(partition) <= now - retentionOf(partition, retentionDays) * DAY_MS,
    );
    let dropped = 0;
    for (const partition of expired) if (await dropPartition(client, partition)) dropped++;
    return { created: missing.length, dropped };
  });
}

/** The time up to which rows have a partition: about a week from now, unless upkeep stands still. */
export async function partitionsEnd(databaseUrl: string): Promise<Date> {
  return withClient(databaseUrl, async (client) => {
    const now = await databaseTime(client);
    const attached = new Set(
      (await listPartitions(client)).filter((it) => it.attached).map((it) => it.name),
    );
    const wanted = (await listShards(client)).flatMap((shard) => wantedPartitions(shard, now));
    const missing = wanted.filter((it) => !attached.has(it.name)).map((it) => it.from.getTime());
    return new Date(Math.min(startOfDay(now + (DAYS_AHEAD + 1) * DAY_MS).getTime(), ...missing));
  });
}

interface Partition {
  readonly name: string;
  readonly parent: string;
  readonly from: Date;
}

interface ExistingPartition {
  readonly name: string;
  readonly attached: boolean;
}

/** A server that does not answer does not close the connection either. */
const END_TIMEOUT_MS = 2000;

async function withClient<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 3000,
    query_timeout: 120_000,
    lock_timeout: 10_000,
    application_name: 'gomon-partitions',
    options: '-c timezone=UTC',
  });
  client.on('error', () => undefined); // The running query fails with it, too.
  await client.connect();
  try {
    return await work(client);
  } finally {
    await Promise.race([client.end(), delay(END_TIMEOUT_MS, undefined, { ref: false })]);
  }
}

async function databaseTime(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  return (rows[0] as { now: Date }).now.getTime();
}

async function listShards(client: pg.Client): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>('SELECT id FROM shards ORDER BY id');
  return rows.map((row) => row.id);
}

/** Includes detached ones, which are dropped like the others. */
async function listPartitions(client: pg.Client): Promise<ExistingPartition[]> {
  const { rows } = await client.query<ExistingPartition>(
    `SELECT c.relname AS name, i.inhrelid IS NOT NULL AS attached
     FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relname ~ '^(checks|rollups)_s\\d+_\\d{6,8}$' AND c.relkind = 'r'`,
  );
  return rows;
}

/** Includes yesterday: results may be late in the first minutes of a database. */
function wantedPartitions(shard: number, now: number): Partition[] {
  const days = Array.from({ length: DAYS_AHEAD + 2 }, (_, i) => startOfDay(now + (i - 1) * DAY_MS));
  const months = new Map(days.map((day) => [startOfMonth(day).getTime(), startOfMonth(day)]));
  return [
    ...days.map((day) => partition(`checks_s${shard}`, day, 8)),
    ...[...months.values()].map((month) => partition(`rollups_s${shard}`, month, 6)),
  ];
}

function partition(parent: string, from: Date, digits: number): Partition {
  const stamp = from.toISOString().replaceAll('-', '').slice(0, digits);
  return { name: `${parent}_${stamp}`, parent, from };
}

async function createPartition(client: pg.Client, { parent, from }: Partition): Promise<void> {
  await client.query('SELECT create_partition($1, $2)', [parent, from.toISOString().slice(0, 10)]);
}

async function dropPartition(client: pg.Client, { name }: ExistingPartition): Promise<boolean> {
  const { rows } = await client.query<{ dropped: boolean }>(
    'SELECT drop_partition($1) AS dropped',
    [name],
  );
  return rows[0]?.dropped === true;
}

function endOf({ name }: ExistingPartition): number {
  const stamp = name.replace(/^.*_/, '');
  const [year, month, day] = [stamp.slice(0, 4), stamp.slice(4, 6), stamp.slice(6, 8)];
  if (day === '') return startOfMonth(new Date(`${year}-${month}-01T00:00:00Z`), 1).getTime();
  return new Date(`${year}-${month}-${day}T00:00:00Z`).getTime() + DAY_MS;
}

function retentionOf({ name }: ExistingPartition, retentionDays: number): number {
  return name.startsWith('rollups')
    ? Math.max(retentionDays, ROLLUP_RETENTION_DAYS)
    : retentionDays;
}

function startOfDay(time: number): Date {
  return new Date(Math.floor(time / DAY_MS) * DAY_MS);
}

function startOfMonth(date: Date, later = 0): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later));
}
