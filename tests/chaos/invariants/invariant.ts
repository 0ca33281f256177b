import type { Evidence } from '../evidence/evidence.ts';

export interface Finding {
  /** What was looked at, in numbers. */
  readonly looked: string;
  /** Each is one case in which the invariant does not hold. */
  readonly faults: readonly string[];
}

/** Something that holds after any run, whatever happened in it. */
export interface Invariant {
  readonly name: string;
  check(evidence: Evidence): Finding;
}

/** A time of day with tenths, for people. */
export function clock(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 21);
}
