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

/** Of the days in a bar. */
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

/** How a monitor is now. */
export function stateWords({ state, maintenanceUntil }: PublicEntry): string | Markup {
  return maintenanceUntil && state === 'maintenance'
    ? markup`${STATE_WORDS[state]} until ${time(maintenanceUntil)}`
    : STATE_WORDS[state];
}

const HEADLINES: Record<PublicState, string> = {
  up: 'All is up',
  degraded: 'Some checks fail',
  down: 'Something is down',
  stale: 'Not everything is known at present',
  pending: 'Not everything is known yet',
  maintenance: 'Maintenance is under way',
  paused: 'Nothing is checked at present',
};

/** How all of the page is. */
export function headline({ state, groups }: PublicPage): string {
  const isAll = (wanted: PublicState) => groups.every(({ entries }) => entries.every((entry) => entry.state === wanted));
  if (state === null || (state !== 'paused' && (isAll('stale') || isAll('pending')))) return 'Nothing is known at present';
  return state === 'up' && !isAll('up') ? 'All that is checked is up' : HEADLINES[state];
}
