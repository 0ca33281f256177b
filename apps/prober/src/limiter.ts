import { createFairQueue, type Begun, type FairQueueOptions, type OwnerTag } from './fair-queue.ts';

/** Frees the caller's place; further calls do nothing. */
export type Release = () => void;

/** Limits the holders of places, in total and per host; owners share the places (`fair-queue.ts`). */
export interface Limiter {
  /**
   * Resolves with the function that frees the place once the caller has it; with null when the
   * limiter is closed, or when `isOver` is true before its turn.
   */
  take(host: string, owner?: OwnerTag, isOver?: () => boolean): Promise<Release | null>;
  /** Drops the waiting callers for which `isOver` is true; call now and then. */
  expire(): void;
  /** Gives out no more places, and answers null to all who wait. */
  close(): void;
  readonly taken: number;
  /** Callers that wait for a place, not for their host. */
  readonly waiting: number;
  /** Callers whose host is full; they do not delay other hosts. */
  readonly waitingForHost: number;
}

export interface LimiterOptions extends FairQueueOptions {
  /** Called when a place is freed, and when callers were dropped without one. */
  readonly onEnd?: () => void;
}

interface Waiter {
  readonly resolve: (turn: Release | null) => void;
  readonly isOver: () => boolean;
}

/**
 * Places given out between two turns of the event loop. If a backlog started all at once, answers
 * of probes in flight would wait while their timeouts run.
 */
const STARTS_AT_A_TIME = 16;

export function createLimiter({ onEnd, ...limits }: LimiterOptions): Limiter {
  const queue = createFairQueue<Waiter>(limits);
  let closed = false;
  let planned = false;

  function plan(): void {
    if (planned || queue.taken >= limits.limit || queue.waiting === 0) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      if (beginSome() === STARTS_AT_A_TIME) plan();
    });
  }

  function beginSome(): number {
    for (let begun = 0; begun < STARTS_AT_A_TIME; begun++) {
      const next = queue.next();
      if (!next) return begun;
      next.item.resolve(() => end(next));
    }
    return STARTS_AT_A_TIME;
  }

  function end(begun: Begun<Waiter>): void {
    begun.end();
    plan();
    onEnd?.();
  }

  return {
    take: (host, owner = null, isOver = () => false) => {
      if (closed) return Promise.resolve(null);
      return new Promise((resolve) => {
        queue.push(host, owner, { resolve, isOver });
        plan();
      });
    },
    expire: () => {
      const over = queue.remove((waiter) => waiter.isOver());
      for (const { resolve } of over) resolve(null);
      if (over.length > 0) onEnd?.();
    },
    close: () => {
      closed = true;
      for (const { resolve } of queue.remove(() => true)) resolve(null);
    },
    get taken() {
      return queue.taken;
    },
    get waiting() {
      return queue.waiting;
    },
    get waitingForHost() {
      return queue.waitingForHost;
    },
  };
}
