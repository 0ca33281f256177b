import { expect, test } from '@jest/globals';
import { keepsUp } from './ceiling.ts';

const flow = (checksPerSecond: number, growth: number) => ({
  seconds: 50,
  checksPerSecond,
  backlogSeconds: 0.5,
  growth,
  cost: {},
  share: {},
  busy: 1,
});

test('a backlog that grows by more than is tolerated is not kept up with', () => {
  expect(keepsUp(flow(1000, 0.01), 1000, 0.01)).toBe(true);
  expect(keepsUp(flow(1000, 0.011), 1000, 0.01)).toBe(false);
});

test('checks that were never dispatched are not kept up with, although no backlog grows', () => {
  expect(keepsUp(flow(975, 0), 1000, 0.01)).toBe(true);
  expect(keepsUp(flow(965, 0), 1000, 0.01)).toBe(false);
});
