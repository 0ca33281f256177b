import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { docker } from '../../tools/containers/docker.ts';
import { secondOf } from '../e2e/product.ts';
import { testInvariants } from './invariants.ts';
import { containerOf } from './project.ts';
import { INTERVAL_SECONDS, startWorkload, type Observed, type Workload } from './workload.ts';

const CALM_MS = 8000;
const SCENARIO_TIMEOUT_MS = 300_000;
const FIRST_UPPER_SHARD = 8;

let workload: Workload;
let observed: Observed[] = [];
let down: { from: number; to: number };

beforeAll(async () => {
  workload = await startWorkload();
  await delay(CALM_MS);
  const scheduler = await containerOf('scheduler-upper');
  await docker('stop', scheduler);
  const from = Date.now() / 1000;
  await delay(CALM_MS);
  down = { from, to: Date.now() / 1000 };
  await docker('start', scheduler);
  await delay(CALM_MS);
  observed = await workload.settle();
}, SCENARIO_TIMEOUT_MS);
afterAll(() => workload?.close());

const slotsWhileDown = ({ checks }: Observed) =>
  checks
    .map(({ slot }) => secondOf(slot))
    .filter((slot) => slot > down.from && slot < down.to - INTERVAL_SECONDS);

test('stopping a scheduler stops its shards and no other', () => {
  for (const monitor of observed) {
    const slots = slotsWhileDown(monitor).length;
    if (monitor.shard >= FIRST_UPPER_SHARD)
      expect([monitor.shard, slots]).toEqual([monitor.shard, 0]);
    else expect(slots).toBeGreaterThan(0);
  }
  const shardsWithGaps = observed.filter(({ gaps }) => gaps.length > 0).map(({ shard }) => shard);
  expect(Math.min(...shardsWithGaps)).toBe(FIRST_UPPER_SHARD);
});

test('its shards go on when it is back', () => {
  for (const { path, checks } of observed.filter(({ shard }) => shard >= FIRST_UPPER_SHARD))
    expect([path, secondOf(checks.at(-1)?.slot ?? '') > down.to]).toEqual([path, true]);
});

testInvariants(() => observed);
