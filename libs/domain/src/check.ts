import type { Cause } from './cause.ts';
import type { Reason } from './reason.ts';

export const OUTCOMES = ['success', 'failure', 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * Where a probe spent its time, over all hops: milliseconds of name lookup, connecting, the TLS
 * handshake, and waiting for the first byte. 0 for a phase that was never entered; together no more
 * than the duration.
 */
export type Phases = readonly [
  dnsMs: number,
  connectMs: number,
  tlsMs: number,
  firstByteMs: number,
];

/** The result for a monitor at one slot; (`monitorId`, `slot`) identifies it everywhere. */
export interface CheckResult {
  readonly monitorId: string;
  /** Seconds since the epoch. */
  readonly slot: number;
  readonly outcome: Outcome;
  /** The status of the final response after redirects; null without a response. */
  readonly statusCode: number | null;
  /** Null exactly when the outcome is `success`. */
  readonly reason: Reason | null;
  /** A cause that refines the reason. Absent for a success, and when unknown. */
  readonly cause?: Cause | null;
  /** Details of the cause: a certificate's date or names, never a secret or part of a body. */
  readonly causeDetail?: string | null;
  /** From the start of the probe to its outcome; null when nothing was probed. */
  readonly durationMs: number | null;
  /** Whole milliseconds. Absent when nothing was probed or measured. */
  readonly phases?: Phases;
  /** The version of the monitor's settings that was probed: see `Monitor`. Absent for the first. */
  readonly probeVersion?: number;
  /** When the outcome was known: milliseconds since the epoch. */
  readonly checkedAt: number;
}

const EXPECTATION = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/;

/** Whether `text` is a status code ("200") or a non-empty range of them ("200-299"). */
export function isStatusExpectation(text: string): boolean {
  const match = EXPECTATION.exec(text);
  return match !== null && (match[2] === undefined || Number(match[1]) <= Number(match[2]));
}

/**
 * Whether `statusCode` is one of the codes, or in one of the ranges, of a monitor's
 * `expectedStatus`.
 */
export function expectsStatus(expectedStatus: readonly string[], statusCode: number): boolean {
  return expectedStatus.some((text) => {
    const [from = '', to = from] = text.split('-');
    return Number(from) <= statusCode && statusCode <= Number(to);
  });
}

/** Where probers stand that say nothing else. A check will have one result for each location of its monitor. */
export const DEFAULT_LOCATION = 'default';
