import { expect, test } from '@jest/globals';
import { median, quantile } from '../benchmark.ts';
import { judge } from './verdict.ts';

const verdict = (
  value: number,
  target: { atMost: number } | { atLeast: number } | undefined,
  reduced = false,
) => judge('bench', { what: 'it', value, unit: 'ratio', target }, reduced).verdict;

test('a target is met up to its bound, and a whole run fails beyond it', () => {
  expect([1.3, 1.31].map((value) => verdict(value, { atMost: 1.3 }))).toEqual(['met', 'failed']);
  expect([0.8, 0.79].map((value) => verdict(value, { atLeast: 0.8 }))).toEqual(['met', 'failed']);
});

test('a reduced run fails when a target is missed by more than twice', () => {
  expect([1.3, 2.6, 2.61].map((value) => verdict(value, { atMost: 1.3 }, true))).toEqual([
    'met',
    'missed',
    'failed',
  ]);
  expect([0.8, 0.4, 0.39].map((value) => verdict(value, { atLeast: 0.8 }, true))).toEqual([
    'met',
    'missed',
    'failed',
  ]);
});

test('a figure that could not be taken is not met', () => {
  expect(verdict(NaN, { atMost: 1 })).toBe('failed');
  expect(verdict(NaN, { atLeast: 1 }, true)).toBe('failed');
  expect(verdict(5, undefined)).toBe('measured');
});

test('the median and the quantiles are values that were measured', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1])).toBe(1);
  expect(quantile([5, 1, 3, 2, 4], 0.99)).toBe(5);
  expect(quantile([5, 1, 3, 2, 4], 0.2)).toBe(1);
});
