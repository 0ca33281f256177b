/** When the failures in the window exceed the threshold, an alert is open. */
export interface AlertRule {
  readonly threshold: number;
  readonly windowSeconds: number;
}

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
}
