import type { StallWatch } from '@gomon/runtime';

export interface OwnTime {
  readonly stalls: Pick<StallWatch, 'ownMs'>;
  /** While the process stands still, none of these pass: an answer may have come that it had no time to read. */
  readonly ms: number;
  /** The longest that it takes in all, standstills included. */
  readonly latestMs?: number;
}

/** Calls `onEnd` after this time of the process's own. Returns what calls it off. */
export function afterOwnTime({ stalls, ms, latestMs = Infinity }: OwnTime, onEnd: () => void): () => void {
  const [ownStart, start] = [stalls.ownMs(), performance.now()];
  let timer: NodeJS.Timeout;
  const wait = (leftMs: number) => {
    timer = setTimeout(() => {
      const left = Math.min(ms - (stalls.ownMs() - ownStart), latestMs - (performance.now() - start));
      if (left <= 0) onEnd();
      else wait(left);
    }, Math.ceil(leftMs));
  };
  wait(Math.max(0, Math.min(ms, latestMs)));
  return () => clearTimeout(timer);
}
