import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { INTERVALS_SECONDS } from './monitor.ts';
import {
  dispatchDelay,
  dueSlots,
  lastSkippedSlot,
  nextImmediateSlot,
  phaseOf,
  shardOf,
} from './slots.ts';

const interval = fc.constantFrom(...INTERVALS_SECONDS);
const now = fc.integer({ min: 1_700_000_000, max: 2_000_000_000 });

/** The slots in (after, through] of one monitor, by definition. */
function slotsOf(intervalSeconds: number, phase: number, after: number, through: number): number[] {
  const slots = [];
  for (let t = after + 1; t <= through; t++) if (t % intervalSeconds === phase) slots.push(t);
  return slots;
}

function dueOf(intervalSeconds: number, phase: number, after: number, through: number): number[] {
  return dueSlots(after, through)
    .filter((due) => due.intervalSeconds === intervalSeconds && due.phase === phase)
    .map((due) => due.slot);
}

describe('dueSlots', () => {
  test('names each slot exactly once while no span exceeds the interval, or three seconds', () => {
    fc.assert(
      fc.property(
        interval,
        fc.nat(),
        now,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }),
        (every, seed, start, steps) => {
          const phase = seed % every;
          const found = [];
          let after = start;
          for (const step of steps) {
            const through = after + 1 + Math.floor(step * (Math.min(every, 3) - 1));
            found.push(...dueOf(every, phase, after, through));
            after = through;
          }
          expect(found).toEqual(slotsOf(every, phase, start, after));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('names only the newest slot, unless its turn comes after the next slot or after a minute', () => {
    fc.assert(
      fc.property(
        interval,
        fc.nat(),
        now,
        fc.integer({ min: 1, max: 8000 }),
        (every, seed, after, length) => {
          const phase = seed % every;
          const through = after + length;
          const newest = slotsOf(every, phase, after, through).slice(-1);
          const delay = (slot: number) => dispatchDelay(after, through, slot);
          const inTime = newest.filter(
            (slot) => delay(slot) <= 60 && through + delay(slot) < slot + every,
          );
          expect(dueOf(every, phase, after, through)).toEqual(length <= 3 ? newest : inTime);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('skips no slot after lastSkippedSlot', () => {
    fc.assert(
      fc.property(
        interval,
        fc.nat(),
        now,
        fc.integer({ min: 1, max: 8000 }),
        (every, seed, after, length) => {
          const phase = seed % every;
          const through = after + length;
          const bound = lastSkippedSlot(after, through, every) ?? after;
          expect(slotsOf(every, phase, bound, through)).toEqual(
            dueOf(every, phase, after, through),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test('is empty for an empty span', () => {
    expect(dueSlots(1_700_000_000, 1_700_000_000)).toEqual([]);
  });
});

describe('at most 1.2 times the usual number of checks is dispatched in any 10 seconds', () => {
  const start = 1_764_000_000;
  const usual = { 10: 2000, 60: 12_000, 300: 30_000, 3600: 60_000 };

  test.each([1, 2, 7, 30, 100, 5000])(
    'with %i seconds between two ticks, and before and after',
    (pause) => {
      const monitors = Object.entries(usual).flatMap(([every, count]) =>
        Array.from(
          { length: count },
          (_, i) => `${every} ${phaseOf(`monitor ${i} of ${every}`, Number(every))}`,
        ),
      );
      const counts = histogram(monitors);
      const dispatched = new Map<number, number>();
      const ticks = Array.from({ length: 300 }, (_, i) => start + i + (i < 100 ? 0 : pause - 1));
      for (const [i, through] of ticks.entries()) {
        const after = ticks[i - 1] ?? through - 1;
        for (const { intervalSeconds, phase, slot } of dueSlots(after, through)) {
          const at = through + dispatchDelay(after, through, slot);
          dispatched.set(
            at,
            (dispatched.get(at) ?? 0) + (counts.get(`${intervalSeconds} ${phase}`) ?? 0),
          );
        }
      }
      const perSecond = Object.entries(usual).reduce(
        (sum, [every, count]) => sum + count / Number(every),
        0,
      );
      const inTenSeconds = (from: number) =>
        Array.from({ length: 10 }, (_, i) => dispatched.get(from + i) ?? 0).reduce((a, b) => a + b);
      const last = (ticks.at(-1) ?? 0) - 9;
      const highest = Math.max(
        ...Array.from({ length: last - start + 1 }, (_, i) => inTenSeconds(start + i)),
      );
      expect(highest / 10 / perSecond).toBeGreaterThan(0.9);
      expect(highest / 10 / perSecond).toBeLessThanOrEqual(1.2);
    },
  );
});

describe('nextImmediateSlot', () => {
  test('is the first second after now that is neither on the grid nor the previous one', () => {
    fc.assert(
      fc.property(
        interval,
        fc.nat(),
        now,
        fc.option(fc.integer({ min: -1, max: 3 })),
        (every, seed, at, lead) => {
          const grid = { intervalSeconds: every, phase: seed % every };
          const previous = lead === null ? null : at + lead;
          const slot = nextImmediateSlot(at, grid, previous);
          const free = (t: number) => t !== previous && (every === 1 || t % every !== grid.phase);
          expect(slot).toBe([at + 1, at + 2, at + 3, at + 4].find(free));
        },
      ),
    );
  });
});

describe('phaseOf and shardOf', () => {
  const ids = Array.from(
    { length: 20_000 },
    (_, i) => `0190b0a0-0000-7000-8000-${i.toString(16).padStart(12, '0')}`,
  );

  test.each([10, 60])(
    'spread the monitors of an interval of %i s evenly over its seconds',
    (every) => {
      const counts = histogram(ids.map((id) => phaseOf(id, every)));
      expect(counts.size).toBe(every);
      expectEven([...counts.values()], ids.length / every);
    },
  );

  test('spread the monitors evenly over the shards, with every phase in each shard', () => {
    expectEven([...histogram(ids.map((id) => shardOf(id, 16))).values()], ids.length / 16);
    const ofShard = ids.filter((id) => shardOf(id, 16) === 3);
    expect(new Set(ofShard.map((id) => phaseOf(id, 60))).size).toBe(60);
  });

  test('never change: stored phases and partitions depend on them', () => {
    expect(phaseOf('0190b0a0-0000-7000-8000-000000000001', 3600)).toBe(897);
    expect(shardOf('0190b0a0-0000-7000-8000-000000000001', 16)).toBe(4);
  });
});

function histogram<Value>(values: readonly Value[]): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Within six standard deviations of a fair draw. */
function expectEven(counts: readonly number[], mean: number): void {
  for (const count of counts) expect(Math.abs(count - mean)).toBeLessThan(6 * Math.sqrt(mean));
}
