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

export function createTurns(limit: number): Turns {
  const queue: ((isTurn: boolean) => void)[] = [];
  let taken = 0;
  let closed = false;
  return {
    take: () => {
      if (closed) return Promise.resolve(false);
      if (taken >= limit) return new Promise((resolve) => queue.push(resolve));
      taken++;
      return Promise.resolve(true);
    },
    release: () => {
      const next = queue.shift();
      if (next) next(true);
      else taken--;
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
