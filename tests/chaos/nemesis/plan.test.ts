import { expect, test } from '@jest/globals';
import { createRandom } from '../random.ts';
import { allFaults } from './all.ts';
import { LANES } from './fault.ts';
import { describePlan, planFaults } from './plan.ts';

const kinds = allFaults(true);
const planOf = (seed: string, minutes: number) => planFaults(kinds, minutes, createRandom(seed));

test('the plan follows from the seed', () => {
  expect(describePlan(planOf('1', 3))).toEqual(describePlan(planOf('1', 3)));
  expect(describePlan(planOf('1', 3))).not.toEqual(describePlan(planOf('2', 3)));
});

test.each(['1', '2', '3'])('with seed %s, three minutes have a fault of every kind', (seed) => {
  const planned = new Set(planOf(seed, 3).map(({ kind }) => kind.name));
  expect(kinds.map(({ name }) => name).filter((name) => !planned.has(name))).toEqual([]);
});

test('the faults of a lane come one after the other, and all end in time', () => {
  const plan = planOf('1', 20);
  for (const lane of LANES) {
    const own = plan.filter(({ kind }) => kind.lane === lane);
    own
      .slice(1)
      .forEach((fault, i) =>
        expect(fault.at).toBeGreaterThan((own[i]?.at ?? 0) + (own[i]?.seconds ?? 0)),
      );
    expect(own.length).toBeGreaterThan(100);
  }
  for (const { at, seconds } of plan) expect(at + seconds).toBeLessThanOrEqual(20 * 60 + 0.1);
});

test('the queue loses data in the first half only', () => {
  const losses = planOf('1', 20).filter(({ kind }) => kind.losesJobs);
  expect(losses.length).toBeGreaterThan(4);
  for (const { at } of losses) expect(at).toBeLessThanOrEqual(10 * 60);
});

test('a plan of few kinds is as long as any other', () => {
  const plan = planFaults(
    kinds.filter(({ name }) => name === 'flush queue'),
    1,
    createRandom('1'),
  );
  expect(plan.length).toBeGreaterThan(3);
});
