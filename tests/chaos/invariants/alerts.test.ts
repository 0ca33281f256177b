import { expect, test } from '@jest/globals';
import { alertsByDefinition } from './alerts.ts';
import type { Row, StoredMonitor } from '../evidence/evidence.ts';

const monitor = (part: Partial<StoredMonitor> = {}): StoredMonitor => ({
  id: 'm',
  shard: 0,
  threshold: 1,
  windowSeconds: 3,
  ruleSince: 0,
  windowSince: 0,
  ...part,
});
/** `x` failed, `.` succeeded, `?` is unknown, a space has no row; the first character is slot 1. */
const rows = (picture: string): Row[] =>
  [...picture].flatMap((mark, i) => {
    const outcome = ({ x: 'failure', '.': 'success', '?': 'unknown' } as const)[mark];
    return outcome
      ? [{ slot: i + 1, checkedAt: i + 1, outcome, reason: null, statusCode: null }]
      : [];
  });
const spans = (picture: string, part: Partial<StoredMonitor> = {}) =>
  alertsByDefinition(rows(picture), monitor(part), []).map(({ openedAt, resolvedAt, failures }) => [
    openedAt,
    resolvedAt,
    failures,
  ]);

test('an alert opens when the failures exceed the threshold, and resolves when they are back at it', () => {
  expect(spans('.x.x..')).toEqual([[4, 5, 2]]);
  expect(spans('.x..x.')).toEqual([]);
  expect(spans('..xxx')).toEqual([[4, null, 2]]);
});

test('what is unknown or not there neither counts nor moves the window', () => {
  expect(spans('xx????')).toEqual([[2, null, 2]]);
  expect(spans('xx    .')).toEqual([[2, 7, 2]]);
});

test('a failed check resolves nothing, whatever has left its window', () => {
  expect(spans('xx      x   .')).toEqual([[2, 13, 2]]);
});

test('a window that was begun later holds nothing of before', () => {
  expect(spans('xxx.x', { windowSince: 4, ruleSince: 4, threshold: 0 })).toEqual([[5, null, 1]]);
});

test('what was decided before the present rule stands, and is resolved by it', () => {
  const before = { openedAt: 2, resolvedAt: null, failures: 2 };
  const settled = alertsByDefinition(rows('xx....'), monitor({ ruleSince: 4, threshold: 0 }), [
    before,
  ]);
  expect(settled).toEqual([{ ...before, resolvedAt: 5 }]);
});
