import type { Invariant } from './invariant.ts';

export const nothingUnknownIsUp: Invariant = {
  name: 'nothing is shown as up of which nothing is known',
  check: ({ statuses: { up, stale, faults } }) => ({
    looked: `monitors that were shown as up ${up} times, as stale ${stale} times`,
    faults,
  }),
};
