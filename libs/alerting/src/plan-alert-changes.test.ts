import { describe, expect, test } from '@jest/globals';
import { replayAlerts, type AlertSpan } from './rule.ts';
import fc from 'fast-check';
import { planAlertChanges, type StoredSpan } from './plan-alert-changes.ts';

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

describe('planAlertChanges', () => {
  const spans = history.chain((checks) => anyRule.map((r) => replayAlerts(checks, r, 0, null)));
  const named = (list: readonly AlertSpan[]): StoredSpan[] =>
    list.map((span, i) => ({ ...span, id: `a${i}` }));

  test('makes the stored alerts equal to the wanted ones', () => {
    fc.assert(
      fc.property(spans, spans, (before, wanted) => {
        const stored = named(before);
        const { removed, changed, added } = planAlertChanges(stored, wanted);
        const kept = new Map(stored.map((span) => [span.id, span]));
        for (const span of removed) kept.delete(span.id);
        for (const span of changed) kept.set(span.id, span);
        const result = [...kept.values(), ...added].map(({ openedAt, resolvedAt, failures }) => ({
          openedAt,
          resolvedAt,
          failures,
        }));
        expect(result.sort((a, b) => a.openedAt - b.openedAt)).toEqual(wanted);
      }),
    );
  });

  test('changes nothing when nothing changed', () => {
    fc.assert(
      fc.property(spans, (same) =>
        expect(planAlertChanges(named(same), same)).toEqual({
          removed: [],
          changed: [],
          added: [],
        }),
      ),
    );
  });

  test('keeps the id of an alert when its opening moves', () => {
    const stored = named([{ openedAt: 4, resolvedAt: null, failures: 3 }]);
    const wanted = [{ openedAt: 3, resolvedAt: null, failures: 3 }];
    expect(planAlertChanges(stored, wanted).changed).toEqual([
      { id: 'a0', openedAt: 3, resolvedAt: null, failures: 3 },
    ]);
  });

  test('gives an outage after an alert that was undone a new id', () => {
    const stored = named([{ openedAt: 4, resolvedAt: 9, failures: 3 }]);
    const wanted = [{ openedAt: 20, resolvedAt: null, failures: 3 }];
    expect(planAlertChanges(stored, wanted)).toEqual({
      removed: stored,
      changed: [],
      added: wanted,
    });
  });
});
