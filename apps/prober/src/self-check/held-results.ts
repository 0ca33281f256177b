/** True when it was our fault, false when it was the target's, null when that will stay unknown. */
export type Verdict = boolean | null;

/** Callers that wait for the outcome. */
export interface HeldVerdicts {
  hold(now: number): Promise<Verdict>;
  /** Answers all callers, or only those that have waited since `heldBefore`. */
  settle(verdict: Verdict, heldBefore?: number): void;
  /** Answers null from now on. */
  close(): void;
}

export function createHeldVerdicts(): HeldVerdicts {
  let closed = false;
  let held: { since: number; tell: (verdict: Verdict) => void }[] = [];
  function settle(verdict: Verdict, heldBefore = Infinity): void {
    const settled = held.filter(({ since }) => since < heldBefore);
    held = held.filter(({ since }) => since >= heldBefore);
    for (const { tell } of settled) tell(verdict);
  }

  return {
    hold: (since) => new Promise((tell) => (closed ? tell(null) : held.push({ since, tell }))),
    settle,
    close: () => {
      closed = true;
      settle(null);
    },
  };
}
