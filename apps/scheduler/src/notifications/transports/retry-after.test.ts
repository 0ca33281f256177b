import { describe, expect, test } from '@jest/globals';
import { parseHttpDate } from './http-date.ts';
import { resetAfterOf, retryAfterInBody, retryAfterOf } from './retry-after.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0);

describe('a Retry-After field', () => {
  test.each([
    ['seconds', '120', 120],
    ['seconds with decimals', '1.5', 1.5],
    ['a date', 'Sun, 22 Nov 2026 10:01:00 GMT', 60],
    ['a date of RFC 850', 'Sunday, 22-Nov-26 10:01:00 GMT', 60],
    ['a date of asctime', 'Sun Nov 22 10:01:00 2026', 60],
  ])('may hold %s', (_, field, seconds) => {
    expect(retryAfterOf({ 'retry-after': field }, NOW)).toBe(seconds);
  });

  test.each([
    '',
    '0',
    '-5',
    '1e3',
    'soon',
    'Sun, 22 Nov 2026 09:59:00 GMT',
    'Sun, 31 Feb 2027 10:01:00 GMT',
    'Sun, 22 Nov 2026 25:01:00 GMT',
    'Sun, 22 Nov 2026 10:01:00 CET',
    '2026-11-22T10:01:00Z',
    'Sun Nov  6 08:49:37 1994',
  ])('with "%s" is ignored', (field) => {
    expect(retryAfterOf({ 'retry-after': field }, NOW)).toBeNull();
  });

  test("with a date is compared with the answer's own Date", () => {
    const fields = {
      'retry-after': 'Fri, 01 Jan 2100 00:00:30 GMT',
      date: 'Fri, 01 Jan 2100 00:00:00 GMT',
    };
    expect(retryAfterOf(fields, NOW)).toBe(30);
    expect(
      retryAfterOf({ ...fields, 'retry-after': 'Sun, 22 Nov 2026 10:01:00 GMT', date: 'now' }, NOW),
    ).toBe(60);
  });

  test('may be absent when Discord sends its own field', () => {
    expect(retryAfterOf({ 'x-ratelimit-reset-after': '0.25' }, NOW)).toBeNull();
    expect(resetAfterOf({ 'x-ratelimit-reset-after': '0.25' })).toBe(0.25);
  });
});

test('a two-digit year is at most fifty years ahead', () => {
  const year = (digits: string) =>
    new Date(parseHttpDate(`Sunday, 06-Nov-${digits} 08:49:37 GMT`, NOW) ?? 0).getUTCFullYear();
  expect([year('94'), year('26'), year('70'), year('77')]).toEqual([1994, 2026, 2070, 1977]);
});

test('a body may say when to retry', () => {
  expect(retryAfterInBody('{"ok":false,"error_code":429,"parameters":{"retry_after":15}}')).toBe(
    15,
  );
  expect(
    retryAfterInBody(
      '{"message":"You are being rate limited.","retry_after":1.337,"global":false}',
    ),
  ).toBe(1.337);
  for (const body of [
    '',
    'null',
    '7',
    '"x"',
    '[]',
    '{"retry_after":"5"}',
    '{"retry_after":-1}',
    '{"parameters":null}',
    '{',
  ])
    expect(retryAfterInBody(body)).toBeNull();
});
