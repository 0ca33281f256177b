import { expect, test } from '@jest/globals';
import type { Latency } from '../../queries.ts';
import { heightOfPhase, meanPhases, percentileColumns, phaseColumns } from './latency-columns.ts';

type Point = Latency['points'][number];

const phases = { dnsMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 4, restMs: 5 };
const pointAt = (minute: number, differences: Partial<Point> = {}): Point => ({
  at: new Date(minute * 60_000).toISOString(),
  count: 3,
  failures: 1,
  p50Ms: 10,
  p95Ms: 20,
  p99Ms: 30,
  phases,
  ...differences,
});
const latencyOf = (...points: Point[]): Latency => ({ period: '1h', bucketSeconds: 60, points });

test('a line breaks where buckets are left out, and nowhere else', () => {
  expect(percentileColumns(latencyOf(pointAt(1), pointAt(2), pointAt(5)))).toEqual([
    [60, 120, 270, 300],
    [10, 10, null, 10],
    [20, 20, null, 20],
    [30, 30, null, 30],
  ]);
});

test('each phase lies on those before it, and is told by its own height; where phases are not known, there are none', () => {
  const columns = phaseColumns(latencyOf(pointAt(1), pointAt(2, { phases: null })));
  expect(columns).toEqual([
    [60, 120, 180],
    [15, null, null],
    [10, null, null],
    [6, null, null],
    [3, null, null],
    [1, null, null],
  ]);
  expect([1, 2, 3, 4, 5].map((series) => heightOfPhase(columns, series, 0))).toEqual([
    5, 4, 3, 2, 1,
  ]);
  expect(heightOfPhase(columns, 1, 1)).toBeNull();
});

test('the means count each bucket as often as it has successes', () => {
  const slow = pointAt(2, { count: 8, failures: 2, phases: { ...phases, tlsMs: 11 } });
  expect(meanPhases([pointAt(1), slow, pointAt(3, { phases: null })])).toEqual({
    ...phases,
    tlsMs: 9,
  });
  expect(meanPhases([pointAt(1, { phases: null })])).toBeNull();
});
