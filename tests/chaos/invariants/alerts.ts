import type { Evidence, Row, StoredAlert, StoredMonitor } from '../evidence/evidence.ts';
import { clock, type Invariant } from './invariant.ts';

export const alertsFollowRows: Invariant = {
  name: 'alerts are what the rows say',
  check: ({ monitors, rows, alerts, lives }) => {
    const names = new Map(lives.map((life) => [life.id, life.name]));
    const faults = monitors.flatMap((monitor) => {
      const own = alerts.filter(
        (alert) => alert.monitorId === monitor.id && alert.endedBy === null,
      );
      const stored = own.toSorted((a, b) => a.openedAt - b.openedAt);
      const wanted = alertsByDefinition(rows.get(monitor.id) ?? [], monitor, stored);
      const [left, right] = [stored.filter((alert) => reaches(alert, monitor)), wanted].map(
        (list) => list.map(describe).join(', '),
      );
      return left === right
        ? []
        : [`${names.get(monitor.id)} has the alerts [${left}], its rows say [${right}]`];
    });
    return { looked: `${alerts.length} alerts of ${monitors.length} monitors`, faults };
  },
};

type Span = Omit<StoredAlert, 'id' | 'monitorId' | 'endedBy'>;

/** A decision holds for the rule of its time: what was decided before the present rule is taken as it stands. */
const reaches = (alert: Span, monitor: StoredMonitor) =>
  alert.resolvedAt === null || alert.resolvedAt >= decidedSince(monitor);

const decidedSince = ({ ruleSince, windowSince }: StoredMonitor) =>
  Math.max(ruleSince, windowSince);

/**
 * The alerts from the monitor's present rule on, written down naively on purpose: at each known slot all failures of its
 * window are counted again.
 */
export function alertsByDefinition(
  rows: readonly Row[],
  monitor: StoredMonitor,
  stored: readonly Span[],
): Span[] {
  const { windowSince, windowSeconds, threshold } = monitor;
  const since = decidedSince(monitor);
  const known = rows
    .filter((row) => row.outcome !== 'unknown' && row.slot >= windowSince)
    .toSorted((a, b) => a.slot - b.slot);
  const failed = known.filter((row) => row.outcome === 'failure').map((row) => row.slot);
  const spans: Span[] = [];
  let open: Span | null =
    stored.find((alert) => alert.openedAt < since && reaches(alert, monitor)) ?? null;
  for (const { slot, outcome } of known.filter((row) => row.slot >= since)) {
    const failures = failed.filter(
      (failure) => failure > slot - windowSeconds && failure <= slot,
    ).length;
    if (!open && failures > threshold) open = { openedAt: slot, resolvedAt: null, failures };
    else if (open && outcome === 'success' && failures <= threshold) {
      spans.push({ ...open, resolvedAt: slot });
      open = null;
    }
  }
  return open ? [...spans, { ...open, resolvedAt: null }] : spans;
}

function describe({ openedAt, resolvedAt, failures }: Span): string {
  return `${clock(openedAt)}–${resolvedAt === null ? '' : clock(resolvedAt)} (${failures})`;
}

export const oneOpenAlert: Invariant = {
  name: 'a monitor never has two open alerts, and the database refuses a second one',
  check: ({ monitors, alerts, samples, refusesSecondAlert }: Evidence) => {
    const doubled = monitors.filter(
      ({ id }) => alerts.filter((a) => a.monitorId === id && a.resolvedAt === null).length > 1,
    );
    return {
      looked: `${samples.taken} looks during the run`,
      faults: [
        ...doubled.map(({ id }) => `monitor ${id} has several open alerts`),
        ...samples.faults.filter((fault) => fault.startsWith('alerts')),
        ...(refusesSecondAlert ? [] : ['a second open alert was not refused']),
      ],
    };
  },
};

export const noFalseResolution: Invariant = {
  name: 'a target that was always down has no resolved alert',
  check: ({ lives, alerts }) => {
    const down = lives.filter(({ kind }) => kind === 'down');
    const names = new Map(down.map(({ id, name }) => [id, name]));
    const own = alerts.filter(({ monitorId }) => names.has(monitorId));
    const resolved = own.filter(
      ({ resolvedAt, endedBy }) => resolvedAt !== null && endedBy === null,
    );
    return {
      looked: `${own.length} alerts of ${down.length} monitors`,
      faults: resolved.map(
        (alert) => `${names.get(alert.monitorId)} has the resolved alert ${describe(alert)}`,
      ),
    };
  },
};
