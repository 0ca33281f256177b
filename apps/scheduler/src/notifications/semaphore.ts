export type Semaphore = <Answer>(work: () => Promise<Answer>) => Promise<Answer>;

/** Runs at most `count` tasks at a time; the others wait in order of arrival. */
export function createSemaphore(count: number): Semaphore {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
