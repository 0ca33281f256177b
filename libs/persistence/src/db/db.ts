import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Connection } from './connection.ts';
import { shareConnections, type HolderOf } from './connection-shares.ts';
import { PrismaClient, type Prisma } from '../generated/client.ts';
import { statementName } from './prepared.ts';

export type Db = PrismaClient;

/** A connection pool or one transaction of it: functions that take it work in both. */
export type Queryable = PrismaClient | Prisma.TransactionClient;

export interface ConnectOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly applicationName: string;
  /** The server ends a statement after this time; the client gives up two seconds later, should the server hang. */
  readonly statementTimeoutMs: number;
  /** Faults of idle connections; the pool replaces them by itself. */
  readonly onConnectionError: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 3000;
/** Frees the rows that a frozen process holds. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

/**
 * Connects on first use. Every session is in UTC: the adapter writes timestamps without their offset. And no statement is compiled: where many
 * partitions make one look dear, that takes longer than running it.
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
  // On its way from the pool to who takes it, a connection has no other listener, and an error would end the process; who takes it
  // learns of it by what fails.
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  return openDb(pool, options.onConnectionError);
}

/** Looks after the pool itself, and ends it when it disconnects: Prisma does neither before it has been used, and the driver may be used alone. */
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

/** From here on nobody whom `holderOf` names holds more than a quarter of the connections: see `shareConnections`. */
export function shareAmongHolders(db: Db, holderOf: HolderOf): void {
  const pool = pools.get(db);
  if (pool) shareConnections(pool, holderOf);
}

/** Transactions have none. */
const pools = new WeakMap<Queryable, pg.Pool>();

/** A transaction by the driver alone. */
type DriverTransaction = pg.PoolClient;

/** What runs statements of SQL, and nothing of Prisma's own. */
export type SqlExecutor = Queryable | DriverTransaction;

/**
 * Runs `work` in a transaction of `readRows`, for what runs every second: of its statements Prisma would take the larger part. The
 * database ends the session, and with it the transaction, after `timeoutMs`, also when the process is frozen. Throws what `work` throws,
 * having changed nothing.
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
    // A connection that cannot even do that is closed, and the database does it.
    await tx.query('ROLLBACK').then(
      () => tx.release(),
      (fault: Error) => tx.release(fault),
    );
    throw error;
  }
}

/**
 * The rows of a statement that runs often: outside of Prisma's transactions by the driver alone, at a fraction of the ORM's
 * cost. Not for columns of 64 bits or NUMERIC, which the two read differently.
 */
export async function readRows<Row extends object>(db: SqlExecutor, statement: Prisma.Sql): Promise<Row[]> {
  const connection = db instanceof pg.Client ? db : pools.get(db);
  if (!connection) return (db as Queryable).$queryRaw<Row[]>(statement);
  const { text, values } = statement;
  const { rows } = await connection.query<Row>({ name: statementName({ sql: text }), text, values });
  return rows;
}

/** As `readRows`, of a statement that always has one. */
export async function readRow<Row extends object>(db: SqlExecutor, statement: Prisma.Sql): Promise<Row> {
  const [row] = await readRows<Row>(db, statement);
  if (!row) throw new Error('the database answers a statement without its row');
  return row;
}

/** As `readRows`, of a statement that has none. */
export async function execute(db: SqlExecutor, statement: Prisma.Sql): Promise<void> {
  await readRows(db, statement);
}

/** Whether the database answers; for readiness. */
export async function ping(db: Db): Promise<void> {
  await db.$queryRaw`SELECT 1`;
}
