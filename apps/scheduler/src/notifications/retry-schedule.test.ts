import { expect, test } from '@jest/globals';
import { retryPause } from './retry-schedule.ts';

test('retries for about a day, then gives up', () => {
  const pauses = Array.from({ length: 10 }, (_, n) => retryPause(n + 1, 0.5) ?? 0);
  expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses);
  const hours = pauses.reduce((sum, pause) => sum + pause) / 3600;
  expect(hours).toBeGreaterThan(22);
  expect(hours).toBeLessThan(26);
  expect(retryPause(11, 0.5)).toBeNull();
});

test('spreads retries of notifications that failed together', () => {
  expect(retryPause(4, 0)).toBe(540);
  expect(retryPause(4, 0.999)).toBeCloseTo(660, 0);
});

test('gives a receiver the pause that it asks for, up to an hour', () => {
  expect(retryPause(1, 0.5, 60)).toBe(60);
  expect(retryPause(1, 0.5, 86_400)).toBe(3600);
  expect(retryPause(8, 0.5, 60)).toBe(14_400);
});
