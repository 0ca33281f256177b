/** Measures for how long this process stood still: it was frozen, or starved of processor time. */
export interface StallWatch {
  /** So many milliseconds in all, until now. */
  stalledMs(): number;
  /** A monotonic clock in milliseconds that stands still while this process does. */
  ownMs(): number;
  stop(): void;
}

const TICK_MS = 50;
/** A tick that is late by less is the usual unpunctuality of timers. */
const NEGLIGIBLE_MS = 50;

export function createStallWatch(): StallWatch {
  let lastTick = performance.now();
  let total = 0;
  const sinceTick = () => {
    const late = performance.now() - lastTick - TICK_MS;
    return late < NEGLIGIBLE_MS ? 0 : late;
  };
  const timer = setInterval(() => {
    total += sinceTick();
    lastTick = performance.now();
  }, TICK_MS).unref();
  const stalledMs = () => total + sinceTick();
  return {
    stalledMs,
    ownMs: () => performance.now() - stalledMs(),
    stop: () => clearInterval(timer),
  };
}
