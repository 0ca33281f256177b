/** Lets a limited number of holders in at once, the others in the order in which they came. */
export interface Turns {
  /** Resolves with true when it is the caller's turn, who then must `release` it; with false when there are no more turns. */
  take(): Promise<boolean>;
  release(): void;
  /** From now on nobody gets a turn, and those who wait hear so. */
  close(): void;
  readonly taken: number;
  readonly waiting: number;
}

/**
 * So many turns begin between two looks at the network: a backlog that began all at once would keep the answers of the
 * probes in flight waiting, and their clocks would run.
 */
const STARTS_AT_A_TIME = 16;

export function createTurns(limit: number): Turns {
  const queue: ((isTurn: boolean) => void)[] = [];
  let taken = 0;
  let closed = false;
  let planned = false;

  function plan(): void {
    if (planned || taken >= limit || queue.length === 0) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      for (const resolve of queue.splice(0, Math.min(STARTS_AT_A_TIME, limit - taken))) {
        taken++;
        resolve(true);
      }
      plan();
    });
  }

  return {
    take: () => {
      if (closed) return Promise.resolve(false);
      return new Promise((resolve) => {
        queue.push(resolve);
        plan();
      });
    },
    release: () => {
      taken--;
      plan();
    },
    close: () => {
      closed = true;
      for (const resolve of queue.splice(0)) resolve(false);
    },
    get taken() {
      return taken;
    },
    get waiting() {
      return queue.length;
    },
  };
}
