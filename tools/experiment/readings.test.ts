import { expect, test } from '@jest/globals';
import { increases, parseReading, quantileBound, total } from './readings.ts';

const page = (probes: number, failures: number, buckets: [number, number, number]) =>
  parseReading(
    [
      '# HELP probes_total Checks by outcome.',
      `probes_total{outcome="success",reason="none"} ${probes}`,
      `probes_total{outcome="failure",reason="timeout"} ${failures}`,
      `late_bucket{le="0.5"} ${buckets[0]}`,
      `late_bucket{le="1"} ${buckets[1]}`,
      `late_bucket{le="+Inf"} ${buckets[2]}`,
      `late_count ${buckets[2]}`,
    ].join('\n'),
  );

test('sums what grew in all processes that were there before', () => {
  const before = new Map([
    ['a', page(10, 1, [0, 0, 0])],
    ['gone', page(900, 0, [0, 0, 0])],
  ]);
  const after = new Map([
    ['a', page(30, 2, [0, 0, 0])],
    ['new', page(500, 0, [0, 0, 0])],
  ]);
  const grown = increases(before, after);
  expect(total(grown, 'probes_total')).toBe(21);
  expect(total(grown, 'probes_total', 'outcome="failure"')).toBe(1);
});

test('counts a process that was restarted from nothing', () => {
  const grown = increases(
    new Map([['a', page(900, 0, [0, 0, 0])]]),
    new Map([['a', page(20, 0, [0, 0, 0])]]),
  );
  expect(total(grown, 'probes_total')).toBe(20);
});

test('says within which bound a share of the observations lies', () => {
  const reading = page(0, 0, [50, 99, 100]);
  expect(quantileBound(reading, 'late', 0.5)).toBe(0.5);
  expect(quantileBound(reading, 'late', 0.99)).toBe(1);
  expect(quantileBound(reading, 'late', 1)).toBe(Infinity);
  expect(quantileBound(page(0, 0, [0, 0, 0]), 'late', 0.5)).toBeNull();
});
