import { expect, test } from '@jest/globals';
import { slope } from './line.ts';

test('the slope is that of the line through the values', () => {
  expect(slope([5, 7, 9, 11])).toBe(2);
  expect(slope([3, 3, 3])).toBe(0);
});

test('what goes up and down has the slope of its trend', () => {
  expect(slope([0, 10, 2, 12, 4, 14])).toBeCloseTo(1.77, 2);
  expect(slope([10, 0, 0, 10])).toBe(0);
});

test('one value, or none, has no slope', () => {
  expect([slope([4]), slope([])]).toEqual([0, 0]);
});
