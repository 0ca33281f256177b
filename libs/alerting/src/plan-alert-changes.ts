import type { AlertSpan } from './rule.ts';

export interface StoredSpan extends AlertSpan {
  readonly id: string;
}

export interface AlertChanges {
  readonly removed: readonly StoredSpan[];
  readonly changed: readonly StoredSpan[];
  readonly added: readonly AlertSpan[];
}

/**
 * The changes that make the `stored` alerts of one monitor equal to the `wanted` ones, both in slot
 * order. An alert whose opening moves because of a late result keeps its id: for recipients it is
 * the same outage. One that resolved before the new opening is another outage.
 */
export function planAlertChanges(
  stored: readonly StoredSpan[],
  wanted: readonly AlertSpan[],
): AlertChanges {
  const byOpening = new Map(stored.map((span) => [span.openedAt, span]));
  const openings = new Set(wanted.map((span) => span.openedAt));
  const spare = stored.filter((span) => !openings.has(span.openedAt));
  const changed: StoredSpan[] = [];
  const added: AlertSpan[] = [];
  for (const span of wanted) {
    const match = byOpening.get(span.openedAt) ?? takeOverlapping(spare, span);
    if (!match) added.push(span);
    else if (!isSame(match, span)) changed.push({ ...span, id: match.id });
  }
  return { removed: spare, changed, added };
}

function takeOverlapping(spare: StoredSpan[], wanted: AlertSpan): StoredSpan | undefined {
  const index = spare.findIndex(
    ({ resolvedAt }) => resolvedAt === null || resolvedAt >= wanted.openedAt,
  );
  return index < 0 ? undefined : spare.splice(index, 1)[0];
}

function isSame(one: AlertSpan, other: AlertSpan): boolean {
  return (
    one.openedAt === other.openedAt &&
    one.resolvedAt === other.resolvedAt &&
    one.failures === other.failures
  );
}
