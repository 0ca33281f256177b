import { createFairQueue, type Begun, type FairQueueOptions, type OwnerTag } from './fair-queue.ts';

/** Ends the place of the one who called it: once. */
export type Release = () => void;

/** Lets a limited number of holders in at once, and fewer for each host; owners share the places (`fair-queue.ts`). */
export interface Limiter {
  /**
   * Resolves with what ends the place when it is the caller's; with null when there are no more places, or when it was over by `isOver`
   * before its place came.
   */
  take(host: string, owner?: OwnerTag, isOver?: () => boolean): Promise<Release | null>;
  /** Lets those go for whom it is over: to be called now and then. */
  expire(): void;
  /** From now on nobody gets a place, and those who wait hear so. */
  close(): void;
  readonly taken: number;
  /** Those whose host has room for them. */
  readonly waiting: number;
  /** Those whose host has as many as it may have: they keep nobody of another host waiting. */
  readonly waitingForHost: number;
}

export interface LimiterOptions extends FairQueueOptions {
  /** Called when a place has ended, and when some were let go without one. */
  readonly onEnd?: () => void;
}

interface Waiter {
  readonly resolve: (turn: Release | null) => void;
  readonly isOver: () => boolean;
}

/**
 * So many places begin between two looks at the network: a backlog that began all at once would keep the answers of the
 * probes in flight waiting, and their clocks would run.
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
