/** Notices when this process stood still: it was frozen, or starved of processor time. */
export interface StallWatch {
  /** Whether it stood still for a second or longer since `time` (of `performance.now()`). */
  stalledSince(time: number): boolean;
  stop(): void;
}

const TICK_MS = 250;
const STALL_MS = 1000;

export function createStallWatch(): StallWatch {
  let lastTick = performance.now();
  let lastStall = -Infinity;
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - lastTick >= TICK_MS + STALL_MS) lastStall = now;
    lastTick = now;
  }, TICK_MS);
  return {
    stalledSince: (time) => lastStall > time || performance.now() - lastTick >= TICK_MS + STALL_MS,
    stop: () => clearInterval(timer),
  };
}
