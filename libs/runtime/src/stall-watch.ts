/** Measures how long this process stalled: frozen, or starved of processor time. */
export interface StallWatch {
  /** Total stalled time in milliseconds. */
  stalledMs(): number;
  /** A monotonic clock in milliseconds that pauses while this process is stalled. */
  ownMs(): number;
  stop(): void;
}

const TICK_MS = 50;
/** Timers are usually this late; only more counts as a stall. */
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
