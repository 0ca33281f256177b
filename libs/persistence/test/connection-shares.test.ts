import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@gomon/test-support';
import pg from 'pg';
import { shareConnections } from '../src/db/connection-shares.ts';

let database: TestDatabase;
let pool: pg.Pool;
let holder: string | undefined;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 8 });
  shareConnections(pool, () => holder);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Connections that `work` takes belong to this holder. */
function as<Answer>(who: string | undefined, work: () => Answer): Answer {
  holder = who;
  const answer = work();
  holder = undefined;
  return answer;
}

test('a holder has at most a quarter of the pool, and waits in order for more, while others take theirs', async () => {
  const taken: string[] = [];
  const take = async (who: string | undefined, name: string) => {
    const client = await as(who, () => pool.connect());
    taken.push(name);
    return client;
  };
  const greedy = Array.from({ length: 5 }, (_, i) => take('a', `a${i}`));
  const [first, second] = [await greedy[0], await greedy[1]];
  const others = await Promise.all([
    take('b', 'b'),
    take('c', 'c'),
    take(undefined, 'nobody'),
    take(undefined, 'nobody'),
  ]);
  expect(taken.toSorted()).toEqual(['a0', 'a1', 'b', 'c', 'nobody', 'nobody']);
  second?.release();
  (await greedy[2])?.release();
  (await greedy[3])?.release();
  first?.release();
  (await greedy[4])?.release();
  const own = taken.filter((name) => name.startsWith('a'));
  expect([...own.slice(0, 2).toSorted(), ...own.slice(2)]).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']); // The first two connect at once.
  others.forEach((client) => client.release());
});

test('statements take turns, too, and a connection that breaks makes room for the next', async () => {
  const broken = await Promise.all([as('d', () => pool.connect()), as('d', () => pool.connect())]);
  const waiting = Array.from({ length: 20 }, (_, i) =>
    as('d', () => pool.query<{ n: number }>('SELECT $1::int AS n', [i])),
  );
  broken.forEach((client) => client.release(new Error('broken')));
  const answers = await Promise.all(waiting);
  expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test('at most a thousand calls of one holder wait', async () => {
  const held = await Promise.all([as('e', () => pool.connect()), as('e', () => pool.connect())]);
  const waiting = Array.from({ length: 1000 }, () => as('e', () => pool.query('SELECT')));
  await expect(as('e', () => pool.query('SELECT'))).rejects.toThrow(
    /^Connection refused: too many/,
  );
  held.forEach((client) => client.release());
  await Promise.all(waiting);
});
