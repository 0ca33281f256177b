import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { databaseFault, type Db } from '../src/index.ts';
import { openTestDb } from './open-test-db.ts';

let stores: Awaited<ReturnType<typeof openTestDb>>;
let db: Db;
beforeAll(async () => {
  stores = await openTestDb();
  db = stores.db;
});
afterAll(() => stores.close());

const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no fault',
    (error: unknown) => databaseFault(error),
  );

const breakConnection = async (pid: number) =>
  db.$queryRaw`SELECT pg_terminate_backend(${pid}::int, 5000)`;

test('a connection that breaks before COMMIT, or in a query, means that the database is unavailable', async () => {
  const pidOf = async (tx: Pick<Db, '$queryRaw'>) => {
    const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    return row?.pid ?? 0;
  };
  expect(await faultOf(db.$transaction(async (tx) => breakConnection(await pidOf(tx))))).toBe(
    'unavailable',
  );
  const query = db.$transaction(async (tx) => {
    await breakConnection(await pidOf(tx));
    await pidOf(tx);
  });
  expect(await faultOf(query)).toBe('unavailable');
});

test('a value that PostgreSQL cannot hold is refused, and anything else is not a database fault', async () => {
  expect(await faultOf(db.$queryRaw`SELECT ${'no uuid'}::uuid`)).toBe('refused_value');
  expect(await faultOf(Promise.reject(new Error('something else')))).toBeNull();
});
