import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createStallWatch } from './stall-watch.ts';

test('measures how long the process stalled, at once and afterwards', async () => {
  const stalls = createStallWatch();
  const before = stalls.stalledMs();
  const [ownBefore, allBefore] = [stalls.ownMs(), performance.now()];
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
  expect(stalls.stalledMs() - before).toBeGreaterThan(600);
  expect(stalls.ownMs() - ownBefore).toBeLessThan(performance.now() - allBefore - 600);
  await delay(10);
  expect(stalls.stalledMs() - before).toBeGreaterThan(600);
  stalls.stop();
});
