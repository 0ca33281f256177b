import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { replayAlerts, type AlertSpan, type KnownCheck } from './rule.ts';

const rule = { threshold: 2, windowSeconds: 10 };

const checksFrom = (
  failedSlots: readonly number[],
  successSlots: readonly number[],
): KnownCheck[] =>
  [
    ...failedSlots.map((slot) => ({ slot, failed: true })),
    ...successSlots.map((slot) => ({ slot, failed: false })),
  ].sort((a, b) => a.slot - b.slot);

/** By definition: counts again at each slot. */
function naive(
  checks: readonly KnownCheck[],
  { threshold, windowSeconds }: typeof rule,
): AlertSpan[] {
  const spans: AlertSpan[] = [];
  let open: AlertSpan | null = null;
  for (const { slot, failed } of checks) {
    const failures = checks.filter(
      (check) => check.failed && check.slot > slot - windowSeconds && check.slot <= slot,
    ).length;
    if (!open && failures > threshold) open = { openedAt: slot, resolvedAt: null, failures };
    else if (open && !failed && failures <= threshold) {
      spans.push({ ...open, resolvedAt: slot });
      open = null;
    }
  }
  return open ? [...spans, open] : spans;
}

const history = fc
  .uniqueArray(fc.record({ slot: fc.integer({ min: 1, max: 120 }), failed: fc.boolean() }), {
    selector: (check) => check.slot,
    maxLength: 80,
  })
  .map((checks) => checks.sort((a, b) => a.slot - b.slot));
const anyRule = fc.record({
  threshold: fc.integer({ min: 0, max: 5 }),
  windowSeconds: fc.integer({ min: 1, max: 40 }),
});

describe('replayAlerts', () => {
  test('opens at the failure that exceeds the threshold, not at the one that reaches it', () => {
    expect(replayAlerts(checksFrom([1, 2], []), rule, 0, null)).toEqual([]);
    expect(replayAlerts(checksFrom([1, 2, 3], []), rule, 0, null)).toEqual([
      { openedAt: 3, resolvedAt: null, failures: 3 },
    ]);
  });

  test('resolves when the failures in the window are back at the threshold', () => {
    const spans = replayAlerts(checksFrom([1, 2, 3], [4, 10, 11, 12]), rule, 0, null);
    expect(spans).toEqual([{ openedAt: 3, resolvedAt: 11, failures: 3 }]);
  });

  test('resolves only at a success, whatever has left the window', () => {
    const back = replayAlerts(checksFrom([1, 2, 3, 50, 51, 90], []), rule, 0, null);
    expect(back).toEqual([{ openedAt: 3, resolvedAt: null, failures: 3 }]);
    expect(replayAlerts(checksFrom([1, 2, 3, 50], [51]), rule, 0, null)).toEqual([
      { openedAt: 3, resolvedAt: 51, failures: 3 },
    ]);
  });

  test('never resolves the alert of a target that is always down, across gaps of any length', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(gaps, anyRule, (lengths, r) => {
        let slot = 0;
        const spans = replayAlerts(
          checksFrom(
            lengths.map((length) => (slot += length)),
            [],
          ),
          r,
          0,
          null,
        );
        expect(spans.map((span) => span.resolvedAt)).toEqual(spans.length === 0 ? [] : [null]);
      }),
    );
  });

  test('never resolves an alert at a failed check', () => {
    fc.assert(
      fc.property(history, anyRule, (checks, r) => {
        const failed = new Set(checks.filter((check) => check.failed).map((check) => check.slot));
        for (const { resolvedAt } of replayAlerts(checks, r, 0, null))
          expect(failed.has(resolvedAt ?? 0)).toBe(false);
      }),
    );
  });

  test('also counts failures that are not consecutive', () => {
    expect(replayAlerts(checksFrom([1, 5, 9], [2, 3, 4, 6, 7, 8]), rule, 0, null)).toEqual([
      { openedAt: 9, resolvedAt: null, failures: 3 },
    ]);
  });

  test('equals counting again at every slot', () => {
    fc.assert(
      fc.property(history, anyRule, (checks, r) =>
        expect(replayAlerts(checks, r, 0, null)).toEqual(naive(checks, r)),
      ),
    );
  });

  test('continues from any slot as if it had started at the beginning', () => {
    fc.assert(
      fc.property(history, anyRule, fc.integer({ min: 0, max: 121 }), (checks, r, from) => {
        const all = naive(checks, r);
        const before = all.filter((span) => span.resolvedAt !== null && span.resolvedAt < from);
        const open =
          all.find(
            (span) => span.openedAt < from && (span.resolvedAt === null || span.resolvedAt >= from),
          ) ?? null;
        const window = checks.filter((check) => check.slot >= from - r.windowSeconds);
        expect([...before, ...replayAlerts(window, r, from, open)]).toEqual(all);
      }),
    );
  });
});
