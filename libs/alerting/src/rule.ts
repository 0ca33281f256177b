import type { AlertRule } from '@gomon/domain';

/** A check that says something about its target: unknown checks take no part in alerting. */
export interface KnownCheck {
  /** Seconds since the epoch. */
  readonly slot: number;
  readonly failed: boolean;
}

/** An alert derived from the rows, with the slots of the checks that opened and resolved it. */
export interface AlertSpan {
  readonly openedAt: number;
  readonly resolvedAt: number | null;
  /** Failures in the window when it opened. */
  readonly failures: number;
}

/**
 * Replays `checks`, in slot order and from one window before `from`, under `rule`. From `from` on,
 * an alert opens at a slot when the failures in (slot − window, slot] exceed the threshold. It
 * resolves at a successful check when they are at or under it; a failed check never resolves.
 * `open` is the alert that was open just before `from`; if given, it is the first of the result.
 */
export function replayAlerts(
  checks: readonly KnownCheck[],
  rule: AlertRule,
  from: number,
  open: AlertSpan | null,
): AlertSpan[] {
  const spans: AlertSpan[] = [];
  let current = open;
  let oldest = 0;
  let failures = 0;
  checks.forEach((check, i) => {
    if (check.failed) failures++;
    for (; oldest < i && isOutside(checks[oldest], check.slot - rule.windowSeconds); oldest++)
      if (checks[oldest]?.failed) failures--;
    if (check.slot < from) return;
    if (!current && failures > rule.threshold)
      current = { openedAt: check.slot, resolvedAt: null, failures };
    else if (current && !check.failed && failures <= rule.threshold) {
      spans.push({ ...current, resolvedAt: check.slot });
      current = null;
    }
  });
  return current ? [...spans, { ...current, resolvedAt: null }] : spans;
}

function isOutside(check: KnownCheck | undefined, windowStart: number): boolean {
  return check !== undefined && check.slot <= windowStart;
}
