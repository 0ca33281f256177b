import type { AlertRule } from '@gomon/domain';

/** A check that says something about its target: unknown ones take no part in alerting. */
export interface KnownCheck {
  /** Seconds since the epoch. */
  readonly slot: number;
  readonly failed: boolean;
}

/** An alert as the rows tell it: the slots whose checks opened and resolved it. */
export interface AlertSpan {
  readonly openedAt: number;
  readonly resolvedAt: number | null;
  /** The failures in the window when it opened. */
  readonly failures: number;
}

/**
 * Replays `checks`, in the order of their slots and beginning a window before `from`, under `rule`: at each slot from
 * `from` on, an alert opens when the failures in (slot − window, slot] exceed the threshold. It resolves at a check that
 * succeeded, when they are back at or under it: a failed check never resolves, whatever left the window meanwhile. `open` is
 * the alert that was open just before `from`; when given, it is the first of the answer.
 */
export function replayAlerts(checks: readonly KnownCheck[], rule: AlertRule, from: number, open: AlertSpan | null): AlertSpan[] {
  const spans: AlertSpan[] = [];
  let current = open;
  let oldest = 0;
  let failures = 0;
  checks.forEach((check, i) => {
    if (check.failed) failures++;
    for (; oldest < i && isOutside(checks[oldest], check.slot - rule.windowSeconds); oldest++)
      if (checks[oldest]?.failed) failures--;
    if (check.slot < from) return;
    if (!current && failures > rule.threshold) current = { openedAt: check.slot, resolvedAt: null, failures };
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
