import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { largestThreshold } from './largest-threshold.ts';
import { INTERVALS_SECONDS } from './monitor.ts';
import { replayAlerts } from '../../alerting/src/rule.ts';

test.each([
  [60, 300, 4],
  [300, 300, 0],
  [299, 300, 1],
  [10, 301, 30],
  [3600, 60, 0],
  [1, 3600, 3599],
])(
  'at an interval of %i s and a window of %i s the largest threshold that can be exceeded is %i',
  (intervalSeconds, windowSeconds, most) => {
    expect(largestThreshold({ intervalSeconds, windowSeconds })).toBe(most);
  },
);

test('a target that is always down alerts at the largest threshold, but not above it', () => {
  const grid = fc.record({
    intervalSeconds: fc.constantFrom(...INTERVALS_SECONDS),
    windowSeconds: fc.integer({ min: 1, max: 3600 }),
    phase: fc.nat(3600),
  });
  fc.assert(
    fc.property(grid, ({ phase, ...rule }) => {
      const enough = Math.ceil(rule.windowSeconds / rule.intervalSeconds) + 2;
      const checks = Array.from({ length: enough }, (_, i) => ({
        slot: phase + i * rule.intervalSeconds,
        failed: true,
      }));
      const alertsAt = (threshold: number) =>
        replayAlerts(checks, { ...rule, threshold }, 0, null).length;
      const most = largestThreshold(rule);
      expect([alertsAt(most), alertsAt(most + 1)]).toEqual([1, 0]);
    }),
  );
});
