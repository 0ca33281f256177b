/** One deadline for all hops of a probe. */
export interface Deadline {
  readonly passed: boolean;
  /** What to abort when the deadline passes; a probe does one thing at a time. */
  inHand: { destroy(): unknown } | null;
  /** The probe has finished. */
  clear(): void;
}

/** A deadline passes after `timeoutMs`, or at once when `halt` comes. */
export type StartDeadline = (timeoutMs: number, halt: AbortSignal) => Deadline;

/** All probes of a `halt` share one listener: a signal walks all its listeners to add or remove one. */
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
    // Read an answer that has arrived and only waits for us.
    const timer = setTimeout(setImmediate, timeoutMs, pass);
    passes.add(pass);
    return deadline;
  };
}
