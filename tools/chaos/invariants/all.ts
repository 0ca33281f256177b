import { alertsFollowRows, oneOpenAlert } from './alerts.ts';
import { apiKeepsItsWord, canaryUntouched, jobAccounting, liveness } from './at-rest.ts';
import { counts } from './counts.ts';
import type { Invariant } from './invariant.ts';
import { orderlyEnds, resourcesReturn } from './processes.ts';
import { noFalseFailure, rowTruth } from './row-truth.ts';
import { slotCompleteness } from './slot-completeness.ts';
import { windowsEqualRows } from './windows.ts';

/** Each layer is judged by the one before it: rows by slots and the target's log, all else by the rows. */
export const INVARIANTS: readonly Invariant[] = [
  slotCompleteness,
  rowTruth,
  noFalseFailure,
  counts,
  alertsFollowRows,
  oneOpenAlert,
  windowsEqualRows,
  // What channels were told, as a function of the alerts, comes here.
  jobAccounting,
  apiKeepsItsWord,
  orderlyEnds,
  resourcesReturn,
  liveness,
  canaryUntouched,
];
