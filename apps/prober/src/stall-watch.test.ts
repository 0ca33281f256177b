import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createStallWatch } from './stall-watch.ts';

test('notices that the process stood still, at once and afterwards, and only then', async () => {
  const stalls = createStallWatch();
  const before = performance.now();
  await delay(10);
  expect(stalls.stalledSince(before)).toBe(false);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
  expect(stalls.stalledSince(before)).toBe(true);
  await delay(10);
  expect(stalls.stalledSince(before)).toBe(true);
  expect(stalls.stalledSince(performance.now())).toBe(false);
  stalls.stop();
});
