// A naive model to compare recurrence-starts.ts with: no library, it checks every step of time
// against the zone's clock.

const STEP_MS = 15 * 60_000;
const DAY_MS = 86_400_000;

/** The wall-clock time in the zone, in milliseconds as if it were UTC. */
export function clockOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  return (at) => {
    const [day = 0, month = 0, year = 0, ...time] = (format.format(at).match(/\d+/g) ?? []).map(
      Number,
    );
    return Date.UTC(year, month - 1, day, ...time);
  };
}

/**
 * Every quarter of an hour of [from, to) with the clock's time, and what it would be without a
 * change at that moment.
 */
export function walk(
  timeZone: string,
  from: number,
  to: number,
): { at: number; shown: number; skipped: number | null }[] {
  const clock = clockOf(timeZone);
  const steps: { at: number; shown: number; skipped: number | null }[] = [];
  let gap = { until: 0, offset: 0 };
  for (let at = from, before = clock(from) - from; at < to; at += STEP_MS) {
    const shown = clock(at);
    const offset = shown - at;
    if (offset > before) gap = { until: at + offset - before, offset: before };
    steps.push({ at, shown, skipped: at < gap.until ? at + gap.offset : null });
    before = offset;
  }
  return steps;
}

/** The moments of the local times for which this is true, each the first that shows it. */
export function naiveMoments(
  timeZone: string,
  from: number,
  to: number,
  isMeant: (local: number) => boolean,
): number[] {
  const seen = new Set<number>();
  const starts = new Set<number>();
  for (const { at, shown, skipped } of walk(timeZone, from, to)) {
    if (isMeant(shown) && !seen.has(shown)) starts.add(at);
    if (skipped !== null && isMeant(skipped) && !seen.has(skipped)) starts.add(at);
    seen.add(shown);
  }
  return [...starts];
}

/** Every given number of hours from the start, where the local time, shown or skipped, matches. */
export function naiveHours(
  { timeZone, start, hours }: { timeZone: string; start: number; hours: number },
  to: number,
  isMeant: (local: number) => boolean,
): number[] {
  return walk(timeZone, start - DAY_MS, to)
    .filter(({ at }) => at >= start && (at - start) % (hours * 3_600_000) === 0)
    .filter(({ shown, skipped }) => isMeant(shown) || (skipped !== null && isMeant(skipped)))
    .map(({ at }) => at);
}
