import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { createSuspicion, type Suspicion } from './suspicion.ts';
import type { Verdict } from './held-results.ts';

const logger = pino({ level: 'silent' });
const NETWORKS = 8;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

interface Probe {
  readonly isUp: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  verdict: Verdict | 'reached' | 'waiting';
}

interface World {
  /** Which targets answer; target n is in network n mod 8. */
  readonly targets: readonly boolean[];
  /** How long a connection to nowhere takes to fail, by target. */
  readonly patienceMs: readonly number[];
  readonly outage: { readonly from: number; readonly through: number };
}

/** Probes each target once a second for `seconds`, and then lets everything finish. */
async function run(suspicion: Suspicion, world: World, seconds: number): Promise<Probe[]> {
  const probes: Probe[] = [];
  const begin = performance.now();
  const isOut = () =>
    performance.now() - begin >= world.outage.from &&
    performance.now() - begin < world.outage.through;
  const probe = async (target: number) => {
    const network = String(target % NETWORKS);
    const startedAt = performance.now() - begin;
    const isUp = world.targets[target] ?? false;
    suspicion.tried(network);
    if (isUp && !isOut()) {
      suspicion.made();
      return void probes.push({ isUp, startedAt, endedAt: startedAt, verdict: 'reached' });
    }
    if (isOut()) await new Promise((resolve) => setTimeout(resolve, world.patienceMs[target]));
    suspicion.failed(network);
    const failed: Probe = {
      isUp,
      startedAt,
      endedAt: performance.now() - begin,
      verdict: 'waiting',
    };
    probes.push(failed);
    failed.verdict = await suspicion.isOurs(begin + startedAt);
  };
  for (let step = 0; step < seconds * world.targets.length; step++) {
    void probe(step % world.targets.length);
    await jest.advanceTimersByTimeAsync(1000 / world.targets.length);
  }
  await jest.advanceTimersByTimeAsync(70_000);
  suspicion.stop();
  return probes;
}

const COUNT = 30;
const worldOf = (upAtLeast: number) =>
  fc.record({
    targets: fc
      .array(fc.boolean(), { minLength: COUNT - upAtLeast, maxLength: COUNT - upAtLeast })
      .map((some) => [...some, ...Array<boolean>(upAtLeast).fill(true)]),
    patienceMs: fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: COUNT, maxLength: COUNT }),
    outage: fc
      .record({
        from: fc.integer({ min: 3000, max: 6000 }),
        lastsMs: fc.integer({ min: 9000, max: 15_000 }),
      })
      .map(({ from, lastsMs }) => ({ from, through: from + lastsMs })),
  });

test.each([
  ['no canaries', false],
  ['canaries', true],
])(
  'with %s, no target counts as down because of our outage, and every other failure does',
  async (_, hasCanaries) => {
    await fc.assert(
      fc.asyncProperty(worldOf(COUNT / 2), async (world) => {
        const { from, through } = world.outage;
        const begin = performance.now();
        const isAway = () =>
          performance.now() - begin >= from && performance.now() - begin < through;
        const suspicion = createSuspicion({
          askCanaries: hasCanaries ? async () => !isAway() : null,
          logger,
        });
        for (const { isUp, verdict, startedAt, endedAt } of await run(suspicion, world, 25)) {
          if (isUp)
            expect([startedAt, verdict]).toEqual([
              startedAt,
              verdict === 'reached' ? verdict : true,
            ]);
          else if (endedAt < from - 1000 || startedAt > through + 2000)
            expect([startedAt, verdict]).toEqual([startedAt, false]);
        }
      }),
      { numRuns: 15 },
    );
  },
  60_000,
);

const ALL_UP = {
  targets: Array<boolean>(COUNT).fill(true),
  patienceMs: Array<number>(COUNT).fill(0),
};
const ALL_DOWN = { ...ALL_UP, targets: Array<boolean>(COUNT).fill(false) };
const NO_OUTAGE = { from: Infinity, through: Infinity };
const verdictsOf = (probes: readonly Probe[]) => new Set(probes.map(({ verdict }) => verdict));

test('targets in few networks count as down when they all fail and nothing else is probed', async () => {
  const suspicion = createSuspicion({ askCanaries: null, logger });
  for (let network = 0; network < NETWORKS; network++) suspicion.tried(`${network}`);
  const failures = Array.from({ length: 200 }, async (_, n) => {
    suspicion.tried(String(n % 4));
    suspicion.failed(String(n % 4));
    return suspicion.isOurs(performance.now());
  });
  await jest.advanceTimersByTimeAsync(70_000);
  expect(new Set(await Promise.all(failures))).toEqual(new Set([false]));
  suspicion.stop();
});

test('all targets count as down when a canary answers', async () => {
  const suspicion = createSuspicion({ askCanaries: async () => true, logger });
  expect(verdictsOf(await run(suspicion, { ...ALL_DOWN, outage: NO_OUTAGE }, 20))).toEqual(
    new Set([false]),
  );
});

test('a dead canary does not excuse single targets', async () => {
  const suspicion = createSuspicion({ askCanaries: async () => false, logger });
  const targets = ALL_UP.targets.map((_, n) => n % 3 > 0);
  expect(verdictsOf(await run(suspicion, { ...ALL_UP, targets, outage: NO_OUTAGE }, 20))).toEqual(
    new Set(['reached', false]),
  );
});

test('an outage of ours ends when a canary answers, even if no target does', async () => {
  let isAway = true;
  const suspicion = createSuspicion({ askCanaries: async () => !isAway, logger });
  const running = run(suspicion, { ...ALL_DOWN, outage: NO_OUTAGE }, 40);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(suspicion.cutOff).toBe(true);
  isAway = false;
  await jest.advanceTimersByTimeAsync(7000);
  expect(suspicion.cutOff).toBe(false);
  const probes = await running;
  expect(verdictsOf(probes.filter(({ startedAt }) => startedAt > 20_000))).toEqual(
    new Set([false]),
  );
});

test('nothing is decided after it stops', async () => {
  const suspicion = createSuspicion({ askCanaries: null, logger });
  for (let n = 0; n < 40; n++) suspicion.tried(String(n % NETWORKS));
  suspicion.failed('0');
  const waiting = suspicion.isOurs(performance.now());
  suspicion.stop();
  expect(await waiting).toBeNull();
  expect(await suspicion.isOurs(performance.now())).toBeNull();
});

test('a target counts as down after a while in which nothing else fails', async () => {
  const suspicion = createSuspicion({ askCanaries: null, logger });
  for (let n = 0; n < 40; n++) suspicion.tried(String(n % NETWORKS));
  suspicion.failed('0');
  const waiting = suspicion.isOurs(performance.now());
  await jest.advanceTimersByTimeAsync(11_000);
  expect(await waiting).toBe(false);
  suspicion.stop();
});
