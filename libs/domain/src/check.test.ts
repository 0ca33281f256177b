import { expect, test } from '@jest/globals';
import { expectsStatus, isStatusExpectation } from './check.ts';

test.each(['200', '200-299', '301-301'])('"%s" is a status expectation', (text) => {
  expect(isStatusExpectation(text)).toBe(true);
});

test.each(['', '20', '2xx', '600', '299-200', '200-', '200-299-300', ' 200'])(
  '"%s" is not a status expectation',
  (text) => {
    expect(isStatusExpectation(text)).toBe(false);
  },
);

test('a status is expected when it equals one of the codes or is in one of the ranges', () => {
  expect(expectsStatus(['200'], 200)).toBe(true);
  expect(expectsStatus(['200'], 204)).toBe(false);
  expect(expectsStatus(['200-204', '301'], 204)).toBe(true);
  expect(expectsStatus(['200-204', '301'], 301)).toBe(true);
  expect(expectsStatus(['200-204', '301'], 205)).toBe(false);
});
