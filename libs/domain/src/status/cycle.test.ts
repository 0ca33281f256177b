import { expect, test } from '@jest/globals';
import { checksExpire, CYCLE_LIMITS, cyclesEndInTime, type CycleReading } from './cycle.ts';

const atTheLimit: CycleReading = { ...CYCLE_LIMITS, probersSeen: 1, checksExpired: 0 };

test('a cycle at its limits is in time', () => {
  expect(cyclesEndInTime(atTheLimit)).toBe(true);
});

test.each<Partial<CycleReading>>([
  { lastDispatchedAgeSeconds: CYCLE_LIMITS.lastDispatchedAgeSeconds + 0.1 },
  { queueAgeSeconds: CYCLE_LIMITS.queueAgeSeconds + 0.1 },
  { ingestDelaySeconds: CYCLE_LIMITS.ingestDelaySeconds + 0.1 },
  { probersSeen: 0 },
  { lastDispatchedAgeSeconds: null },
  { queueAgeSeconds: null },
  { ingestDelaySeconds: null },
  { probersSeen: null },
])('a cycle with %j is not in time', (change) => {
  expect(cyclesEndInTime({ ...atTheLimit, ...change })).toBe(false);
});

test('a cycle in time may still skip checks', () => {
  const reading = { ...atTheLimit, checksExpired: 1 };
  expect([cyclesEndInTime(reading), checksExpire(reading), checksExpire(atTheLimit)]).toEqual([
    true,
    true,
    false,
  ]);
});
