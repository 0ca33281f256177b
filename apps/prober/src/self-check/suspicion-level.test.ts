import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSuspicionLevel, MASS, type SuspicionLevel } from './suspicion-level.ts';

interface Try {
  readonly isMade: boolean;
  readonly network: number;
  readonly gapMs: number;
}

const tryOf = (networks: number) =>
  fc.record({
    isMade: fc.boolean(),
    network: fc.integer({ min: 1, max: networks }),
    gapMs: fc.integer({ min: 0, max: 400 }),
  });

/** Plays the tries and returns the time at their end. */
function play(measured: SuspicionLevel, tries: readonly Try[], startedAt = 0): number {
  let now = startedAt;
  for (const { isMade, network, gapMs } of tries) {
    now += gapMs;
    measured.tried(String(network), now);
    if (isMade) measured.made();
    else measured.failed(String(network), now);
  }
  return now;
}

const failures = (count: number, networks: number, gapMs: number): Try[] =>
  Array.from({ length: count }, (_, i) => ({ isMade: false, network: i % networks, gapMs }));

test('a mass of failures over several networks is grave, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(tryOf(50)), fc.constantFrom(4, Infinity), (before, outweighs) => {
      const measured = createSuspicionLevel(outweighs);
      const now = play(measured, [...before, ...failures(MASS.failures, MASS.networks, 200)]);
      expect(measured.level(now)).toBe('grave');
    }),
  );
});

test('failures on few networks are never grave, however many', () => {
  fc.assert(
    fc.property(
      fc.array(tryOf(MASS.networks - 1), { minLength: 100 }),
      fc.constantFrom(4, Infinity),
      (tries, outweighs) => {
        const measured = createSuspicionLevel(outweighs);
        for (let network = 0; network < 50; network++) measured.tried(String(network), 0);
        expect(measured.level(play(measured, tries))).not.toBe('grave');
      },
    ),
  );
});

test('without canaries one connection clears all suspicion', () => {
  fc.assert(
    fc.property(fc.array(tryOf(50)), (tries) => {
      const measured = createSuspicionLevel(Infinity);
      const now = play(measured, tries);
      measured.made();
      expect(measured.level(now)).toBe('none');
    }),
  );
});

test('with canaries it is grave only when more than four in five of enough tries failed', () => {
  fc.assert(
    fc.property(fc.array(tryOf(50), { minLength: 30, maxLength: 200 }), (tries) => {
      const measured = createSuspicionLevel(4);
      if (measured.level(play(measured, tries)) !== 'grave') return;
      const isGraveTail = tries.some((_, start) => {
        const tail = tries.slice(start);
        const failed = tail.filter(({ isMade }) => !isMade);
        const isMass =
          failed.length >= MASS.failures &&
          new Set(failed.map(({ network }) => network)).size >= MASS.networks;
        return isMass && failed.length > 0.8 * tail.length;
      });
      expect(isGraveTail).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('a burst is not grave until it has lasted', () => {
  const measured = createSuspicionLevel(Infinity);
  const now = play(measured, failures(100, 50, 0));
  expect(measured.level(now + MASS.lastsMs - 1)).toBe('some');
  expect(measured.level(now + MASS.lastsMs)).toBe('grave');
});

test.each([
  ['few targets', failures(200, MASS.networks - 1, 100)],
  ['few tries', failures(MASS.failures - 1, MASS.networks, 1)],
  ['tries far apart', failures(100, 50, 10_000)],
])('a prober with %s never suspects its network', (_, tries) => {
  const measured = createSuspicionLevel(Infinity);
  expect(measured.level(play(measured, tries, 1000))).toBe('none');
});
