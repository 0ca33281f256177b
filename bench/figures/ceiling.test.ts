import { expect, test } from '@jest/globals';
import { keepsUp, nextRate } from './ceiling.ts';

const flow = (checksPerSecond: number, growth: number) => ({
  seconds: 50,
  checksPerSecond,
  backlogSeconds: 0.5,
  growth,
  cost: {},
  share: {},
  busy: 1,
});

test('a backlog that grows by more than is tolerated is not kept up with', () => {
  expect(keepsUp(flow(1000, 0.01), 1000, 0.01)).toBe(true);
  expect(keepsUp(flow(1000, 0.011), 1000, 0.01)).toBe(false);
});

test('checks that were never dispatched are not kept up with, although no backlog grows', () => {
  expect(keepsUp(flow(975, 0), 1000, 0.01)).toBe(true);
  expect(keepsUp(flow(965, 0), 1000, 0.01)).toBe(false);
});

test('rates grow until one is missed, and then come between the two', () => {
  const steps = { from: 800, step: 2 };
  expect(nextRate(null, Infinity, steps)).toBe(800);
  expect(nextRate(800, Infinity, steps)).toBe(1600);
  expect(nextRate(800, 3200, steps)).toBe(1600);
  expect(nextRate(null, 800, steps)).toBe(400);
});
