import { Problem } from './problem.ts';

export type Turnstile = <Answer>(work: () => Promise<Answer>) => Promise<Answer>;

/** Lets `places` works run at a time and `queue` more wait, in order. Refuses all others with `unavailable`. */
export function createTurnstile({ places, queue }: { places: number; queue: number }): Turnstile {
  const waiting: (() => void)[] = [];
  let free = places;
  const enter = async () => {
    if (free > 0) free -= 1;
    else if (waiting.length < queue) await new Promise<void>((resolve) => waiting.push(resolve));
    else throw new Problem('unavailable', 'Too many requests of this kind at once. Try again.');
  };
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
