import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFairQueue, reservedOf, type Begun, type OwnerTag } from './fair-queue.ts';

interface Probe {
  readonly number: number;
  readonly host: string;
  readonly owner: OwnerTag;
}

/** A naive model: decides whether a probe may begin by looking at all of them. */
class NaiveQueue {
  readonly waiting: Probe[] = [];
  readonly held: Probe[] = [];
  readonly #limits: { limit: number; hostLimit: number };

  constructor(limits: { limit: number; hostLimit: number }) {
    this.#limits = limits;
  }

  heldBy(owner: OwnerTag): number {
    return this.held.filter((probe) => probe.owner === owner).length;
  }

  mayBegin({ host, owner }: Probe): boolean {
    const atHost = this.held.filter((probe) => probe.host === host);
    return (
      this.held.length < this.#open(this.#limits.limit, owner, this.held) &&
      atHost.length < this.#open(this.#limits.hostLimit, owner, atHost)
    );
  }

  #open(limit: number, owner: OwnerTag, held: readonly Probe[]): number {
    const isFree = owner === null || held.every((probe) => probe.owner !== owner);
    return isFree ? limit : limit - reservedOf(limit);
  }

  /** The candidates to be next. */
  get candidates(): Probe[] {
    const able = this.waiting.filter((probe) => this.mayBegin(probe));
    const firsts = able.filter(
      (probe) => !able.some(({ owner, number }) => owner === probe.owner && number < probe.number),
    );
    const known = firsts.filter(({ owner }) => owner !== null);
    const fewest = Math.min(...firsts.map(({ owner }) => this.heldBy(owner)));
    // Checks of unknown owners use the reserve after owners that hold no place.
    const isReserve = this.held.length >= this.#limits.limit - reservedOf(this.#limits.limit);
    if (isReserve && known.length > 0 && fewest > 0) return known;
    return firsts.filter(({ owner }) => this.heldBy(owner) === fewest);
  }

  get waitingForPlace(): number {
    const hosts = Map.groupBy(this.waiting, ({ host }) => host);
    return [...hosts].reduce((sum, [host, probes]) => {
      const room = this.#limits.hostLimit - this.held.filter((probe) => probe.host === host).length;
      return sum + Math.min(probes.length, Math.max(0, room));
    }, 0);
  }
}

const anyOwner = fc.oneof(
  { weight: 5, arbitrary: fc.nat(4) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const anyStep = fc.oneof(
  fc.record({
    does: fc.constant('push' as const),
    host: fc.constantFrom('a', 'b', 'c', 'd'),
    owner: anyOwner,
  }),
  fc.record({ does: fc.constant('next' as const) }),
  fc.record({ does: fc.constant('end' as const), which: fc.nat(30) }),
  { weight: 1, arbitrary: fc.record({ does: fc.constant('remove' as const), rest: fc.nat(6) }) },
);

test('a free place goes to the owner with the fewest, hosts keep their limits, and no place stays free while a probe may begin', () => {
  const limits = fc.record({
    limit: fc.integer({ min: 1, max: 22 }),
    hostLimit: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(limits, fc.array(anyStep, { maxLength: 150 }), (limit, steps) => {
      const queue = createFairQueue<Probe>(limit);
      const naive = new NaiveQueue(limit);
      const begun: Begun<Probe>[] = [];
      steps.forEach((step, number) => {
        if (step.does === 'push') {
          const probe = { number, host: step.host, owner: step.owner };
          queue.push(step.host, step.owner, probe);
          naive.waiting.push(probe);
        } else if (step.does === 'end') {
          const [ended] = begun.splice(step.which % Math.max(1, begun.length), 1);
          ended?.end();
          if (ended) naive.held.splice(naive.held.indexOf(ended.item), 1);
        } else if (step.does === 'remove') {
          const isOut = (probe: Probe) => probe.number % 7 === step.rest;
          const out = naive.waiting.filter(isOut);
          expect(new Set(queue.remove(isOut))).toEqual(new Set(out));
          for (const probe of out) naive.waiting.splice(naive.waiting.indexOf(probe), 1);
        } else {
          const next = queue.next();
          const { candidates } = naive;
          expect(next === null).toBe(candidates.length === 0);
          if (next) {
            expect(candidates).toContain(next.item);
            naive.waiting.splice(naive.waiting.indexOf(next.item), 1);
            naive.held.push(next.item);
            begun.push(next);
          }
        }
        expect([queue.taken, queue.waiting, queue.waiting + queue.waitingForHost]).toEqual([
          naive.held.length,
          naive.waitingForPlace,
          naive.waiting.length,
        ]);
      });
    }),
    { numRuns: 500 },
  );
});

test('owners with equally few places get them first, however much the others want', () => {
  const queue = createFairQueue<number>({ limit: 1, hostLimit: 1 });
  const wishes: Record<number, number> = { 1: 1000, 2: 10, 3: 1, 4: 10 };
  for (const [owner, wish] of Object.entries(wishes))
    for (let i = 0; i < wish; i++) queue.push(`${owner} ${i}`, Number(owner), Number(owner));
  const order = Array.from({ length: 8 }, () => {
    const begun = queue.next();
    begun?.end();
    return begun?.item;
  });
  expect(order).toEqual([1, 2, 3, 4, 1, 2, 4, 1]);
});

test('owners with hanging probes leave a place for an owner that comes later', () => {
  const queue = createFairQueue<number>({ limit: 50, hostLimit: 50 });
  for (let i = 0; i < 300; i++) queue.push(`host ${i}`, i % 15, i);
  while (queue.next());
  expect(queue.taken).toBe(45);
  queue.push('good', 99, 1000);
  expect(queue.next()?.item).toBe(1000);
});

test('an owner that fills a host leaves a place there for another', () => {
  const queue = createFairQueue<number>({ limit: 500, hostLimit: 50 });
  for (let i = 0; i < 300; i++) queue.push('host', 1, i);
  while (queue.next());
  expect(queue.taken).toBe(45);
  queue.push('host', 2, 1000);
  expect(queue.next()?.item).toBe(1000);
});
