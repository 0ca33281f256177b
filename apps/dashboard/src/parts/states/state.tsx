import { formatMoment } from '../../format.ts';
import type { Monitor } from '../../queries.ts';

export type ShownState = 'up' | 'down' | 'failing' | 'paused' | 'pending' | 'stale' | 'unknown';

const LABELS: Record<ShownState, string> = {
  up: 'Up',
  down: 'Down',
  failing: 'Failing',
  paused: 'Paused',
  pending: 'Pending',
  stale: 'Stale',
  unknown: 'No data',
};

/** Each state has a distinct shape, so it can be recognised without colour. */
const SHAPES: Record<ShownState, string> = {
  up: 'M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13Zm3.300 5.100L7.300 11 4.800 8.600l1-1 1.500 1.400 3-3.400z',
  down: 'M5.300 1.500h5.400l3.800 3.800v5.400l-3.800 3.800H5.300l-3.800-3.800V5.300zM7.100 4.300v4.900h1.800V4.300zm0 6v1.700h1.800v-1.700z',
  failing: 'M8 1.800 15 14H1zM7.200 6v4h1.600V6zm0 5v1.500h1.600V11z',
  paused: 'M4 3h3v10H4zm5 0h3v10H9z',
  pending: 'M2 6.700h2.600v2.600H2zm4.700 0h2.600v2.600H6.700zm4.700 0H14v2.600h-2.600z',
  stale:
    'M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13Zm0 1.600a4.900 4.900 0 1 1 0 9.800 4.900 4.900 0 0 1 0-9.800ZM7.200 4.500h1.600v3.200l2 1.200-.8 1.300-2.800-1.700z',
  unknown: 'M3 6.900h10v2.200H3z',
};

/** A monitor whose last check failed is down only once its rule says so. */
export function stateOf({ state }: Pick<Monitor, 'state'>): ShownState {
  if (state.status === 'down' && !state.alerting) return 'failing';
  return state.status === 'pending' && state.lastSlot !== null ? 'unknown' : state.status;
}

/** What else has to be known to read the state of a monitor rightly. */
export function StateTags({ state: { stale, status, maintenanceUntil } }: Pick<Monitor, 'state'>) {
  return (
    <>
      {maintenanceUntil && (
        <span
          className="tag tag-maintenance"
          title={`In maintenance until ${formatMoment(maintenanceUntil)}`}
        >
          maintenance
        </span>
      )}
      {stale && status === 'down' && (
        <span className="tag tag-stale" title="The newest check is overdue">
          stale
        </span>
      )}
    </>
  );
}

export function StateMark({ state }: { state: ShownState }) {
  return (
    <span className={`state state-${state}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[state]} fillRule="evenodd" />
      </svg>
      {LABELS[state]}
    </span>
  );
}
