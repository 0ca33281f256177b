import type { Cause } from './cause.ts';

export const OUTCOMES = ['success', 'failure', 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why a target failed its check. `body` means that `bodyContains` was not found in what the target sent. */
export const FAILURE_REASONS = [
  'http_status',
  'timeout',
  'dns',
  'connect',
  'tls',
  'too_many_redirects',
  'bad_redirect',
  'protocol',
  'body',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/**
 * Why a check says nothing about its target: the address is forbidden, it was too late to probe, our own side failed, or the monitor
 * was given other settings after the check was dispatched.
 */
export const UNKNOWN_REASONS = ['blocked_target', 'expired', 'internal', 'superseded'] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

export type Reason = FailureReason | UnknownReason;

/**
 * Where the time of a probe went, its hops together: milliseconds of looking up names, connecting, the TLS handshake, and waiting
 * for the first byte of an answer. 0 for what was never entered; together no more than the duration.
 */
export type Phases = readonly [dnsMs: number, connectMs: number, tlsMs: number, firstByteMs: number];

/** What one look at a monitor at one slot found; (`monitorId`, `slot`) is its identity everywhere. */
export interface CheckResult {
  readonly monitorId: string;
  /** Seconds since the epoch. */
  readonly slot: number;
  readonly outcome: Outcome;
  /** The final answer's status after redirects; null when there was none. */
  readonly statusCode: number | null;
  /** Null exactly when the outcome is `success`. */
  readonly reason: Reason | null;
  /** Why in detail, one of those that stand below the reason. Absent for a success, and where nobody found out. */
  readonly cause?: Cause | null;
  /** What goes with the cause: a certificate's date or names, never a secret nor what a body holds. */
  readonly causeDetail?: string | null;
  /** From the start of the probe to its verdict; null when nothing was probed. */
  readonly durationMs: number | null;
  /** Whole milliseconds. Absent when nothing was probed, or nobody measured. */
  readonly phases?: Phases;
  /** Of the monitor's settings that were probed: see `Monitor`. Absent for the first. */
  readonly probeVersion?: number;
  /** When the verdict was reached: milliseconds since the epoch. */
  readonly checkedAt: number;
}

const EXPECTATION = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/;

/** Whether `text` is a status code ("200") or a range of them that is not empty ("200-299"). */
export function isStatusExpectation(text: string): boolean {
  const match = EXPECTATION.exec(text);
  return match !== null && (match[2] === undefined || Number(match[1]) <= Number(match[2]));
}

/** Whether `statusCode` is one of the codes or lies in one of the ranges of a monitor's `expectedStatus`. */
export function expectsStatus(expectedStatus: readonly string[], statusCode: number): boolean {
  return expectedStatus.some((text) => {
    const [from = '', to = from] = text.split('-');
    return Number(from) <= statusCode && statusCode <= Number(to);
  });
}
