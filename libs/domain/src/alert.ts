import type { Cause } from './cause.ts';
import type { FailureReason } from './reason.ts';

/** An alert is open while the failures in the window exceed the threshold. */
export interface AlertRule {
  readonly threshold: number;
  readonly windowSeconds: number;
}

/** What an alert keeps of a failed check. */
export interface FailedCheck {
  readonly slot: Date;
  readonly statusCode: number | null;
  readonly reason: FailureReason | null;
  readonly cause: Cause | null;
  readonly causeDetail: string | null;
}

/** Why an alert ended without a check that saw the target recover. */
export const ALERT_ENDS = ['pause', 'delete'] as const;
export type AlertEnd = (typeof ALERT_ENDS)[number];

/** One period in which a monitor's failures exceeded its threshold. */
export interface Alert extends AlertRule {
  readonly id: string;
  readonly monitorId: string;
  /** The slot of the check that opened the alert. */
  readonly openedAt: Date;
  /** The slot of the check that resolved it; null while it is open. */
  readonly resolvedAt: Date | null;
  readonly acknowledgedAt: Date | null;
  /** Failures in the window when it opened. */
  readonly failures: number;
  /** Null when a check resolved it, or while it is open. */
  readonly endedBy: AlertEnd | null;
  /** The failed check that opened it; null when no longer known. */
  readonly openedBy: FailedCheck | null;
  /** The last failed check before its end, or so far. */
  readonly lastFailure: FailedCheck | null;
}
