import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  execute,
  readRow,
  readRows,
  withDriverTransaction,
  type SqlExecutor,
} from '../src/db/db.ts';
import { Prisma } from '../src/generated/client.ts';
import { connect, databaseFault, type Db } from '../src/index.ts';
import { openTestDb } from './open-test-db.ts';

let stores: Awaited<ReturnType<typeof openTestDb>>;
let db: Db;
beforeAll(async () => {
  // One connection: the next transaction sees anything left behind.
  stores = await openTestDb({ poolSize: 1, statementTimeoutMs: 1000 });
  db = stores.db;
  await execute(db, Prisma.sql`CREATE TABLE notes (note text UNIQUE)`);
});
beforeEach(() => execute(db, Prisma.sql`TRUNCATE notes`));
afterAll(() => stores.close());

const TIMEOUT_MS = 5000;
const note = (tx: SqlExecutor, text: string) =>
  execute(tx, Prisma.sql`INSERT INTO notes VALUES (${text})`);
const notes = async () =>
  (await readRows<{ note: string }>(db, Prisma.sql`SELECT note FROM notes ORDER BY 1`)).map(
    (row) => row.note,
  );
const pidOf = async (tx: SqlExecutor) =>
  (await readRow<{ pid: number }>(tx, Prisma.sql`SELECT pg_backend_pid() AS pid`)).pid;
const faultOf = (work: Promise<unknown>) => work.then(() => 'no fault', databaseFault);

test('its writes are there when it ends, and its result is returned', async () => {
  const answer = await withDriverTransaction(db, TIMEOUT_MS, async (tx) => {
    await note(tx, 'one');
    await note(tx, 'two');
    return 'done';
  });
  expect([answer, await notes()]).toEqual(['done', ['one', 'two']]);
});

test('when the work or a statement fails, nothing changes and the connection stays usable', async () => {
  const before = await pidOf(db);
  const failing = withDriverTransaction(db, TIMEOUT_MS, async (tx) => {
    await note(tx, 'one');
    throw new Error('no queue');
  });
  await expect(failing).rejects.toThrow('no queue');
  const repeating = withDriverTransaction(db, TIMEOUT_MS, async (tx) => {
    await note(tx, 'one');
    await note(tx, 'one');
  });
  await expect(repeating).rejects.toThrow('duplicate key');
  expect([await notes(), await pidOf(db)]).toEqual([[], before]);
});

test('a transaction that takes too long is ended by the database, and the next one has another connection', async () => {
  const slow = withDriverTransaction(db, 100, async (tx) => {
    await note(tx, 'one');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await note(tx, 'two');
  });
  expect(await faultOf(slow)).toBe('unavailable');
  expect(await notes()).toEqual([]);
});

test('a broken connection means that the database is unavailable, and the next one is new', async () => {
  const broken = withDriverTransaction(db, TIMEOUT_MS, async (tx) => {
    await note(tx, 'one');
    await execute(tx, Prisma.sql`SELECT pg_terminate_backend(pg_backend_pid())`);
  });
  expect(await faultOf(broken)).toBe('unavailable');
  expect(await notes()).toEqual([]);
});

test('a transaction cannot open another', async () => {
  const nested = db.$transaction((tx) =>
    withDriverTransaction(tx as Db, TIMEOUT_MS, () => Promise.resolve()),
  );
  await expect(nested).rejects.toThrow('does not open another');
});

describe('a pool of which only the driver has used connections', () => {
  const errors: Error[] = [];
  const open = async () => {
    const statement = Prisma.sql`SELECT pid FROM pg_stat_activity WHERE application_name = 'driver only'`;
    return (await readRows<{ pid: number }>(db, statement)).length;
  };
  const until = async (isSo: () => Promise<boolean> | boolean) => {
    for (let tries = 0; tries < 100 && !(await isSo()); tries++)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  let other: Db;
  beforeEach(() => {
    errors.length = 0;
    const onConnectionError = (error: Error) => errors.push(error);
    other = connect({
      url: stores.url,
      poolSize: 1,
      applicationName: 'driver only',
      statementTimeoutMs: 1000,
      onConnectionError,
    });
  });
  afterEach(() => other.$disconnect());

  test('reports a broken idle connection, and opens another', async () => {
    const pid = await withDriverTransaction(other, TIMEOUT_MS, pidOf);
    await execute(db, Prisma.sql`SELECT pg_terminate_backend(${pid}::int)`);
    await until(() => errors.length > 0);
    expect(errors.map((error) => databaseFault(error))).toEqual(['unavailable']);
    expect(await withDriverTransaction(other, TIMEOUT_MS, pidOf)).not.toBe(pid);
  });

  test('ends its connections when it disconnects, also twice', async () => {
    await withDriverTransaction(other, TIMEOUT_MS, pidOf);
    expect(await open()).toBe(1);
    await other.$disconnect();
    await until(async () => (await open()) === 0);
    expect(await open()).toBe(0);
  });
});
