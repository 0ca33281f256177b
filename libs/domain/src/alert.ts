import type { Cause } from './cause.ts';
import type { FailureReason } from './check.ts';

/** When the failures in the window exceed the threshold, an alert is open. */
export interface AlertRule {
  readonly threshold: number;
  readonly windowSeconds: number;
}

/** What an alert keeps of a check that failed. */
export interface FailedCheck {
  readonly slot: Date;
  readonly statusCode: number | null;
  readonly reason: FailureReason | null;
  readonly cause: Cause | null;
  readonly causeDetail: string | null;
}

/** What ends an alert although no check has seen the target recover. */
export const ALERT_ENDS = ['pause', 'delete'] as const;
export type AlertEnd = (typeof ALERT_ENDS)[number];

/** One period in which a monitor's failures exceeded its threshold. */
export interface Alert extends AlertRule {
  readonly id: string;
  readonly monitorId: string;
  /** The slot whose check opened the alert. */
  readonly openedAt: Date;
  /** The slot whose check resolved it; null while it is open. */
  readonly resolvedAt: Date | null;
  readonly acknowledgedAt: Date | null;
  /** The failures in the window when it opened. */
  readonly failures: number;
  /** Null when a check resolved it, or it is open. */
  readonly endedBy: AlertEnd | null;
  /** The failed check that opened it; null where it is not known any more. */
  readonly openedBy: FailedCheck | null;
  /** The last check that failed before it ended; of an open one, the last so far. */
  readonly lastFailure: FailedCheck | null;
}
