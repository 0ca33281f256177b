import { Problem } from '../problem.ts';

/** Tasks of the same key wait for each other first, so one user's tasks do not delay another's. */
export type Semaphore = <Answer>(work: () => Promise<Answer>, key?: string) => Promise<Answer>;

interface Waiting {
  readonly enter: () => void;
  readonly refuse: (problem: Problem) => void;
}

/**
 * Runs `places` tasks at a time and lets `queue` more wait: keys take turns, each in its own order.
 * When the queue is full, refuses with `unavailable` the new task, or instead the last of the key
 * with the most waiting tasks.
 */
export function createSemaphore({ places, queue }: { places: number; queue: number }): Semaphore {
  /** The next key in turn is first. */
  const lines = new Map<string, Waiting[]>();
  let free = places;
  let length = 0;

  const wait = (key: string) =>
    new Promise<void>((enter, refuse) => {
      lines.set(key, [...(lines.get(key) ?? []), { enter, refuse }]);
      length += 1;
      if (length > queue) drop();
    });
  const drop = () => {
    const [key, line] = [...lines].reduce((longest, next) =>
      next[1].length >= longest[1].length ? next : longest,
    );
    length -= 1;
    line
      .pop()
      ?.refuse(new Problem('unavailable', 'Too many requests of this kind at once. Try again.'));
    if (line.length === 0) lines.delete(key);
  };
  const leave = () => {
    const [[key, line] = ['', []]] = lines;
    const next = line.shift();
    if (!next) return void (free += 1);
    length -= 1;
    lines.delete(key);
    if (line.length > 0) lines.set(key, line);
    next.enter();
  };
  return async (work, key = '') => {
    if (free > 0) free -= 1;
    else await wait(key);
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
