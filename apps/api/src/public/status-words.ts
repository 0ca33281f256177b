import { markup, type Markup } from './markup.ts';
import type { Condition, PublicState } from './public-condition.ts';
import type { PublicEntry, PublicPage } from './public-page.ts';
import { time } from './status-cards.ts';

export const SIGNS: Record<PublicState, string> = {
  up: '✓',
  degraded: '!',
  down: '✕',
  stale: '?',
  pending: '–',
  maintenance: '◐',
  paused: '‖',
};

/** For the days in a bar. */
export const CONDITION_WORDS: Record<Condition, string> = {
  up: 'Up',
  degraded: 'Some checks fail',
  down: 'Down',
  none: 'No data',
};

const STATE_WORDS: Record<PublicState, string> = {
  up: 'Up',
  degraded: 'Some checks fail',
  down: 'Down',
  stale: 'Unknown',
  pending: 'No data',
  maintenance: 'In maintenance',
  paused: 'Paused',
};

/** A monitor's current status. */
export function stateWords({ state, maintenanceUntil }: PublicEntry): string | Markup {
  return maintenanceUntil && state === 'maintenance'
    ? markup`${STATE_WORDS[state]} until ${time(maintenanceUntil)}`
    : STATE_WORDS[state];
}

const HEADLINES: Record<PublicState, string> = {
  up: 'All systems up',
  degraded: 'Some checks fail',
  down: 'Some systems are down',
  stale: 'Some statuses are unknown',
  pending: 'Some checks are pending',
  maintenance: 'Maintenance in progress',
  paused: 'Monitoring is paused',
};

/** The status of the whole page. */
export function headline({ state, groups }: PublicPage): string {
  const isAll = (wanted: PublicState) =>
    groups.every(({ entries }) => entries.every((entry) => entry.state === wanted));
  if (state === null || (state !== 'paused' && (isAll('stale') || isAll('pending'))))
    return 'Status unknown';
  return state === 'up' && !isAll('up') ? 'All checked systems are up' : HEADLINES[state];
}
