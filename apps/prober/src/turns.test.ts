import { expect, test } from '@jest/globals';
import { createTurns } from './turns.ts';

test('lets in as many as the limit, the others in the order in which they came', async () => {
  const turns = createTurns(2);
  const order: number[] = [];
  const takers = [0, 1, 2, 3].map(async (n) => {
    if (await turns.take()) order.push(n);
  });
  await takers[1];
  expect([order, turns.taken, turns.waiting]).toEqual([[0, 1], 2, 2]);
  turns.release();
  await takers[2];
  turns.release();
  await takers[3];
  expect([order, turns.taken, turns.waiting]).toEqual([[0, 1, 2, 3], 2, 0]);
  turns.release();
  turns.release();
  expect(turns.taken).toBe(0);
});

test('tells those who wait, and those who come, that there are no more turns', async () => {
  const turns = createTurns(1);
  expect(await turns.take()).toBe(true);
  const waiting = turns.take();
  turns.close();
  expect(await waiting).toBe(false);
  expect(await turns.take()).toBe(false);
  turns.release();
  expect(turns.taken).toBe(0);
});

test('lets no more than a few begin before the answers of those in flight are read', async () => {
  const turns = createTurns(100);
  const takers = Array.from({ length: 40 }, () => turns.take());
  await takers[0];
  expect(turns.taken).toBe(16);
  await Promise.all(takers);
  expect(turns.taken).toBe(40);
});
