import { describe, expect, test } from '@jest/globals';
import { createLimiter, type Release } from './limiter.ts';

/** Lets everything that is ready to run do so. */
const settled = async () => {
  for (let i = 0; i < 3; i++) await new Promise(setImmediate);
};

test('lets in up to the limit, and the others in the order in which they came', async () => {
  const limiter = createLimiter({ limit: 2, hostLimit: 2 });
  const order: number[] = [];
  const takers = [0, 1, 2, 3].map(async (n) => {
    const end = await limiter.take(`host ${n}`);
    if (end) order.push(n);
    return end;
  });
  const ends = [await takers[0], await takers[1]];
  expect([order, limiter.taken, limiter.waiting]).toEqual([[0, 1], 2, 2]);
  ends[1]?.();
  ends.push(await takers[2]);
  ends[0]?.();
  ends.push(await takers[3]);
  expect([order, limiter.taken, limiter.waiting]).toEqual([[0, 1, 2, 3], 2, 0]);
  for (const end of ends.slice(2)) end?.();
  expect(limiter.taken).toBe(0);
});

test('answers null to all who wait or come after it is closed', async () => {
  const limiter = createLimiter({ limit: 1, hostLimit: 1 });
  const end = await limiter.take('a');
  const waiting = [limiter.take('a'), limiter.take('b'), limiter.take('b')];
  limiter.close();
  expect(await Promise.all([...waiting, limiter.take('c')])).toEqual([null, null, null, null]);
  end?.();
  expect([limiter.taken, limiter.waiting, limiter.waitingForHost]).toEqual([0, 0, 0]);
});

test('starts only a few before it reads the answers of those in flight', async () => {
  const limiter = createLimiter({ limit: 100, hostLimit: 100 });
  const takers = Array.from({ length: 40 }, () => limiter.take('a'));
  await takers[0];
  expect(limiter.taken).toBe(16);
  await Promise.all(takers);
  expect(limiter.taken).toBe(40);
});

test('reports when a place is freed', async () => {
  const seen: number[] = [];
  const limiter = createLimiter({ limit: 2, hostLimit: 2, onEnd: () => seen.push(limiter.taken) });
  for (const end of [await limiter.take('a'), await limiter.take('b')]) end?.();
  expect(seen).toEqual([1, 0]);
});

describe('a full host', () => {
  test('delays no other host, and serves its own in the order in which they came', async () => {
    const limiter = createLimiter({ limit: 20, hostLimit: 5 });
    const ofTarpit: Release[] = [];
    const order: number[] = [];
    for (let n = 0; n < 10_000; n++)
      void limiter.take('tarpit').then((end) => {
        order.push(n);
        ofTarpit.push(end as Release);
      });
    const others = await Promise.all(
      Array.from({ length: 15 }, (_, n) => limiter.take(`host ${n}`)),
    );
    expect([ofTarpit.length, limiter.taken, limiter.waiting, limiter.waitingForHost]).toEqual([
      5, 20, 0, 9995,
    ]);
    for (let round = 0; round < 100; round++) {
      ofTarpit[round]?.();
      await settled();
    }
    expect(order).toEqual([...Array(105).keys()]);
    expect([limiter.taken, limiter.waitingForHost]).toEqual([20, 9895]);
    for (const end of others) end?.();
    await settled();
    expect(limiter.taken).toBe(5);
  });

  test('gets all its places back in time when they end at once', async () => {
    const limiter = createLimiter({ limit: 100, hostLimit: 3 });
    let highest = 0;
    await Promise.all(
      Array.from({ length: 2000 }, async () => {
        const end = await limiter.take('a');
        highest = Math.max(highest, limiter.taken);
        end?.();
      }),
    );
    expect(highest).toBeLessThanOrEqual(3);
    expect([limiter.taken, limiter.waiting, limiter.waitingForHost]).toEqual([0, 0, 0]);
  });
});
