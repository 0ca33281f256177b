import type { Replacement } from './tree.ts';

/** A lease, in the copy of the sources. */
export const LEASE_SECONDS = 8;

/** After two intervals and the timeout, in the copy of the sources. */
export const STALE_MARGIN_SECONDS = 2;

/** What a run of minutes would never see otherwise: deadlines, leases and pauses of notifications, scaled down with all else. */
export const TIME_SCALE: readonly Replacement[] = [
  {
    file: 'libs/domain/src/status/monitor-status.ts',
    from: 'STALE_MARGIN_SECONDS = 15;',
    to: `STALE_MARGIN_SECONDS = ${STALE_MARGIN_SECONDS};`,
  },
  {
    file: 'apps/scheduler/src/notifications/retry-schedule.ts',
    from: '[5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800]',
    to: '[0.3, 0.6, 1, 2, ...new Array<number>(40).fill(3)]',
  },
  {
    file: 'apps/scheduler/src/notifications/sender.ts',
    from: 'const LEASE_SECONDS = 60;',
    to: `const LEASE_SECONDS = ${LEASE_SECONDS};`,
  },
  {
    file: 'apps/scheduler/src/notifications/attempt.ts',
    from: 'const ATTEMPT_DEADLINE_MS = 30_000;',
    to: 'const ATTEMPT_DEADLINE_MS = 5000;',
  },
  {
    file: 'apps/scheduler/src/notifications/transports/http.ts',
    from: 'const DEADLINE_MS = 10_000;',
    to: 'const DEADLINE_MS = 2000;',
  },
];
