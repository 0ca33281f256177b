import { describe, expect, test } from '@jest/globals';
import { createTurns, type EndTurn } from './limiter.ts';

/** What is to be done at once is done. */
const settled = async () => {
  for (let i = 0; i < 3; i++) await new Promise(setImmediate);
};

test('lets in as many as the limit, the others in the order in which they came', async () => {
  const turns = createTurns({ limit: 2, hostLimit: 2 });
  const order: number[] = [];
  const takers = [0, 1, 2, 3].map(async (n) => {
    const end = await turns.take(`host ${n}`);
    if (end) order.push(n);
    return end;
  });
  const ends = [await takers[0], await takers[1]];
  expect([order, turns.taken, turns.waiting]).toEqual([[0, 1], 2, 2]);
  ends[1]?.();
  ends.push(await takers[2]);
  ends[0]?.();
  ends.push(await takers[3]);
  expect([order, turns.taken, turns.waiting]).toEqual([[0, 1, 2, 3], 2, 0]);
  for (const end of ends.slice(2)) end?.();
  expect(turns.taken).toBe(0);
});

test('tells those who wait, for a turn or for their host, and those who come, that there are no more turns', async () => {
  const turns = createTurns({ limit: 1, hostLimit: 1 });
  const end = await turns.take('a');
  const waiting = [turns.take('a'), turns.take('b'), turns.take('b')];
  turns.close();
  expect(await Promise.all([...waiting, turns.take('c')])).toEqual([null, null, null, null]);
  end?.();
  expect([turns.taken, turns.waiting, turns.waitingForHost]).toEqual([0, 0, 0]);
});

test('lets no more than a few begin before the answers of those in flight are read', async () => {
  const turns = createTurns({ limit: 100, hostLimit: 100 });
  const takers = Array.from({ length: 40 }, () => turns.take('a'));
  await takers[0];
  expect(turns.taken).toBe(16);
  await Promise.all(takers);
  expect(turns.taken).toBe(40);
});

test('tells when a turn has ended', async () => {
  const seen: number[] = [];
  const turns = createTurns({ limit: 2, hostLimit: 2, onEnd: () => seen.push(turns.taken) });
  for (const end of [await turns.take('a'), await turns.take('b')]) end?.();
  expect(seen).toEqual([1, 0]);
});

describe('a host that has as many turns as it may have', () => {
  test('keeps no other host waiting, and its own wait in the order in which they came', async () => {
    const turns = createTurns({ limit: 20, hostLimit: 5 });
    const ofTarpit: EndTurn[] = [];
    const order: number[] = [];
    for (let n = 0; n < 10_000; n++)
      void turns.take('tarpit').then((end) => {
        order.push(n);
        ofTarpit.push(end as EndTurn);
      });
    const others = await Promise.all(Array.from({ length: 15 }, (_, n) => turns.take(`host ${n}`)));
    expect([ofTarpit.length, turns.taken, turns.waiting, turns.waitingForHost]).toEqual([5, 20, 0, 9995]);
    for (let round = 0; round < 100; round++) {
      ofTarpit[round]?.();
      await settled();
    }
    expect(order).toEqual([...Array(105).keys()]);
    expect([turns.taken, turns.waitingForHost]).toEqual([20, 9895]);
    for (const end of others) end?.();
    await settled();
    expect(turns.taken).toBe(5);
  });

  test('gets all of its turns in time when they end at once', async () => {
    const turns = createTurns({ limit: 100, hostLimit: 3 });
    let highest = 0;
    await Promise.all(
      Array.from({ length: 2000 }, async () => {
        const end = await turns.take('a');
        highest = Math.max(highest, turns.taken);
        end?.();
      }),
    );
    expect(highest).toBeLessThanOrEqual(3);
    expect([turns.taken, turns.waiting, turns.waitingForHost]).toEqual([0, 0, 0]);
  });
});
