import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Connection } from './connection.ts';
import { shareConnections, type HolderOf } from './connection-shares.ts';
import { PrismaClient, type Prisma } from '../generated/client.ts';
import { statementName } from './prepared.ts';

export type Db = PrismaClient;

/** A connection pool or a transaction of it: functions that take it work with both. */
export type Queryable = PrismaClient | Prisma.TransactionClient;

export interface ConnectOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly applicationName: string;
  /**
   * The server ends a statement after this time; the client gives up two seconds later, in case the
   * server hangs.
   */
  readonly statementTimeoutMs: number;
  /** Errors of idle connections; the pool replaces them. */
  readonly onConnectionError: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 3000;
/** Releases the rows that a frozen process holds. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

/**
 * Connects on first use. Every session uses UTC, because the adapter writes timestamps without an
 * offset. JIT compilation is off: with many partitions a statement looks expensive, and compiling
 * takes longer than running it.
 */
export function connect(options: ConnectOptions): Db {
  const pool = new pg.Pool({
    Client: Connection,
    connectionString: options.url,
    max: options.poolSize,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + 2000,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    lock_timeout: 2000,
    options: '-c timezone=UTC -c jit=off',
  });
  // Between the pool and its user a connection has no other listener, and an error would end the
  // process; the user learns of it from the failing query.
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  return openDb(pool, options.onConnectionError);
}

/**
 * Manages the pool itself and ends it on disconnect: Prisma does neither before its first use, and
 * the driver may be used alone.
 */
export function openDb(pool: pg.Pool, onConnectionError: (error: Error) => void): Db {
  pool.on('error', onConnectionError);
  const adapter = new PrismaPg(pool, { onConnectionError, statementNameGenerator: statementName });
  const db = new PrismaClient({ adapter });
  pools.set(db, pool);
  const disconnect = db.$disconnect.bind(db);
  db.$disconnect = async () => {
    await disconnect();
    if (!pool.ending) await pool.end();
  };
  return db;
}

/**
 * From now on no holder that `holderOf` names has more than a quarter of the connections: see
 * `shareConnections`.
 */
export function shareAmongHolders(db: Db, holderOf: HolderOf): void {
  const pool = pools.get(db);
  if (pool) shareConnections(pool, holderOf);
}

/** Absent for transactions. */
const pools = new WeakMap<Queryable, pg.Pool>();

/** A transaction of the driver alone. */
type DriverTransaction = pg.PoolClient;

/** Runs SQL statements, without Prisma's own queries. */
export type SqlExecutor = Queryable | DriverTransaction;

/**
 * Runs `work` in a transaction of `readRows`, for what runs every second: Prisma would take most of
 * the time of its statements. The database ends the session, and with it the transaction, after
 * `timeoutMs`, even when the process is frozen. Throws what `work` throws, with nothing changed.
 */
export async function withDriverTransaction<Answer>(
  db: Db,
  timeoutMs: number,
  work: (tx: DriverTransaction) => Promise<Answer>,
): Promise<Answer> {
  const pool = pools.get(db);
  if (!pool) throw new Error('a transaction does not open another');
  const tx = await pool.connect();
  try {
    await tx.query(`BEGIN; SET LOCAL transaction_timeout = ${timeoutMs}`);
    const answer = await work(tx);
    await tx.query('COMMIT');
    tx.release();
    return answer;
  } catch (error) {
    // If even this fails, the connection is closed, and the database rolls back.
    await tx.query('ROLLBACK').then(
      () => tx.release(),
      (fault: Error) => tx.release(fault),
    );
    throw error;
  }
}

/**
 * The rows of a frequent statement: outside Prisma's transactions by the driver alone, at a
 * fraction of the ORM's cost. Not for 64-bit or NUMERIC columns, which the two read differently.
 */
export async function readRows<Row extends object>(
  db: SqlExecutor,
  statement: Prisma.Sql,
): Promise<Row[]> {
  const connection = db instanceof pg.Client ? db : pools.get(db);
  if (!connection) return (db as Queryable).$queryRaw<Row[]>(statement);
  const { text, values } = statement;
  const { rows } = await connection.query<Row>({
    name: statementName({ sql: text }),
    text,
    values,
  });
  return rows;
}

/** Like `readRows`, for a statement that always returns one row. */
export async function readRow<Row extends object>(
  db: SqlExecutor,
  statement: Prisma.Sql,
): Promise<Row> {
  const [row] = await readRows<Row>(db, statement);
  if (!row) throw new Error('the database returned no row');
  return row;
}

/** Like `readRows`, for a statement that returns none. */
export async function execute(db: SqlExecutor, statement: Prisma.Sql): Promise<void> {
  await readRows(db, statement);
}

/** Checks that the database answers; for readiness. */
export async function ping(db: Db): Promise<void> {
  await db.$queryRaw`SELECT 1`;
}
