import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is yes; false when it was not by the deadline. What fails is asked again. */
export async function until(
  ask: () => boolean | Promise<boolean>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    if (await Promise.resolve(ask()).catch(() => false)) return true;
    signal.throwIfAborted();
    if (performance.now() > deadline) return false;
    await delay(250, undefined, { signal });
  }
}
