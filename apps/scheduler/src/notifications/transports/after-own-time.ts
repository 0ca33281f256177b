import type { StallWatch } from '@gomon/runtime';

export interface OwnTime {
  readonly stalls: Pick<StallWatch, 'ownMs'>;
  /**
   * Milliseconds that do not pass while the process is stalled: it may have had no time to read an
   * answer.
   */
  readonly ms: number;
  /** The limit in total, stalls included. */
  readonly latestMs?: number;
}

/** Calls `onEnd` after this much unstalled time. Returns a function that cancels it. */
export function afterOwnTime(
  { stalls, ms, latestMs = Infinity }: OwnTime,
  onEnd: () => void,
): () => void {
  const [ownStart, start] = [stalls.ownMs(), performance.now()];
  let timer: NodeJS.Timeout;
  const wait = (leftMs: number) => {
    timer = setTimeout(() => {
      const left = Math.min(
        ms - (stalls.ownMs() - ownStart),
        latestMs - (performance.now() - start),
      );
      if (left <= 0) onEnd();
      else wait(left);
    }, Math.ceil(leftMs));
  };
  wait(Math.max(0, Math.min(ms, latestMs)));
  return () => clearTimeout(timer);
}
