import { alertsFollowRows, noFalseResolution, oneOpenAlert } from '../invariants/alerts.ts';
import { nothingUnknownIsUp } from '../invariants/statuses.ts';
import { windowsEqualRows } from '../invariants/windows.ts';
import type { Defect } from './defect.ts';

/** Mistakes on the way from rows to alerts. */
export const alertDefects: readonly Defect[] = [
  {
    name: 'the window is fed with new rows only',
    patch: 'the-window-is-fed-with-new-rows-only.patch',
    faults: ['lost answers to an insert', 'lost answers of the windows', 'kill windows'],
    caughtBy: alertsFollowRows.name,
  },
  {
    name: 'a window that was lost is not filled from the rows',
    patch: 'a-window-that-was-lost-is-not-filled-from-the-rows.patch',
    faults: ['flush windows'],
    caughtBy: alertsFollowRows.name,
  },
  {
    name: 'windows are a second too long',
    patch: 'windows-are-a-second-too-long.patch',
    faults: ['doubled and shuffled results'],
    caughtBy: windowsEqualRows.name,
  },
  {
    name: 'late results are ignored',
    patch: 'late-results-are-ignored.patch',
    faults: ['late results', 'doubled and shuffled results'],
    caughtBy: alertsFollowRows.name,
  },
  {
    name: 'alerts are reconciled without the lock',
    patch: 'alerts-are-reconciled-without-the-lock.patch',
    faults: ['slow database', 'doubled and shuffled results', 'late results'],
    caughtBy: alertsFollowRows.name,
  },
  {
    name: 'a threshold that is reached counts as exceeded',
    patch: 'a-threshold-that-is-reached-counts-as-exceeded.patch',
    faults: [],
    caughtBy: alertsFollowRows.name,
  },
  {
    name: 'a failed check after a gap resolves an alert',
    patch: 'a-failed-check-after-a-gap-resolves-an-alert.patch',
    faults: ['freeze queue', 'kill queue'],
    caughtBy: noFalseResolution.name,
  },
  {
    name: 'what was known last is shown for ever',
    patch: 'what-was-known-last-is-shown-for-ever.patch',
    faults: ['freeze queue', 'kill queue'],
    caughtBy: nothingUnknownIsUp.name,
  },
  {
    name: 'no unique index on open alerts',
    sql: ['DROP INDEX alerts_open_key'],
    faults: [],
    caughtBy: oneOpenAlert.name,
  },
];
