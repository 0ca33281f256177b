import type { CachedWindow, Evidence, Row, StoredMonitor } from '../evidence/evidence.ts';
import { clock, type Invariant } from './invariant.ts';

/**
 * The cache is emptied once more at the end. A window with a failure since then has to be there, filled from the rows; the others
 * may have stayed away.
 */
export const windowsEqualRows: Invariant = {
  name: 'the window cache is what the rows say',
  check: ({ monitors, rows, windows, lives, flushedAt, drained }: Evidence) => {
    if (!drained)
      return { looked: 'not looked at, because results were still under way', faults: [] };
    const names = new Map(lives.map((life) => [life.id, life.name]));
    const sure = monitors
      .map((monitor) => ({ monitor, wanted: windowOf(rows.get(monitor.id) ?? [], monitor) }))
      .filter(({ wanted }) => wanted.failures.some((slot) => slot > flushedAt));
    const faults = sure.flatMap(({ monitor: { id, windowSeconds }, wanted }) => {
      const cached = windows.find(
        (window) => window.monitorId === id && window.windowSeconds === windowSeconds,
      );
      const [left, right] = [cached ? describe(cached) : 'none', describe(wanted)];
      return left === right ? [] : [`${names.get(id)} has ${left}, the rows say ${right}`];
    });
    return { looked: `${sure.length} windows`, faults };
  },
};

type Content = Pick<CachedWindow, 'newest' | 'failures'>;

function windowOf(rows: readonly Row[], { windowSeconds }: StoredMonitor): Content {
  const known = rows.filter((row) => row.outcome !== 'unknown');
  const newest = Math.max(0, ...known.map((row) => row.slot));
  const failures = known
    .filter((row) => row.outcome === 'failure' && row.slot > newest - windowSeconds)
    .map((row) => row.slot);
  return { newest, failures };
}

const describe = ({ newest, failures }: Content) =>
  `${failures
    .toSorted((a, b) => a - b)
    .map(clock)
    .join(' ')} up to ${clock(newest)}`;
