/** The end of a probe's time, for all of its hops. */
export interface Deadline {
  readonly passed: boolean;
  /** What ends when the deadline passes: a probe has one thing in hand at a time. */
  inHand: { destroy(): unknown } | null;
  /** The probe has ended by itself. */
  clear(): void;
}

/** A deadline passes after `timeoutMs`, or at once when `halt` comes. */
export type StartDeadline = (timeoutMs: number, halt: AbortSignal) => Deadline;

/** All probes under a `halt` share one listener: to add or remove one of many, a signal goes through them all. */
export function createDeadlines(): StartDeadline {
  const runningUnder = new WeakMap<AbortSignal, Set<() => void>>();

  function passesAt(halt: AbortSignal): Set<() => void> {
    const running = runningUnder.get(halt);
    if (running) return running;
    const passes = new Set<() => void>();
    runningUnder.set(halt, passes);
    halt.addEventListener('abort', () => passes.forEach((pass) => pass()));
    return passes;
  }

  return (timeoutMs, halt) => {
    const passes = passesAt(halt);
    const deadline = {
      passed: halt.aborted,
      inHand: null as Deadline['inHand'],
      clear() {
        clearTimeout(timer);
        passes.delete(pass);
      },
    };
    const pass = () => {
      deadline.passed = true;
      deadline.inHand?.destroy();
    };
    // An answer that has arrived by then, and only waits for us to read it, is read first.
    const timer = setTimeout(setImmediate, timeoutMs, pass);
    passes.add(pass);
    return deadline;
  };
}
