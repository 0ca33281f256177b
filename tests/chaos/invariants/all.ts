import { alertsFollowRows, noFalseResolution, oneOpenAlert } from './alerts.ts';
import { apiKeepsItsWord, canaryUntouched, jobAccounting, liveness } from './at-rest.ts';
import { counts } from './counts.ts';
import type { Invariant } from './invariant.ts';
import { disabledHearNothing, repetitionsHaveCause, sameMessage } from './messages.ts';
import { orderlyEnds, resourcesReturn } from './processes.ts';
import { noFalseFailure, rowTruth } from './row-truth.ts';
import { slotCompleteness } from './slot-completeness.ts';
import { everyTransitionTold, toldInOrder } from './transitions-told.ts';
import { nothingUnknownIsUp } from './standings.ts';
import { windowsEqualRows } from './windows.ts';

/**
 * Each layer is judged by the one before it: rows by slots and the target's log, all else by the rows, and what was told by the
 * alerts and the receivers' log.
 */
export const INVARIANTS: readonly Invariant[] = [
  slotCompleteness,
  rowTruth,
  noFalseFailure,
  counts,
  alertsFollowRows,
  oneOpenAlert,
  noFalseResolution,
  windowsEqualRows,
  nothingUnknownIsUp,
  everyTransitionTold,
  toldInOrder,
  sameMessage,
  repetitionsHaveCause,
  disabledHearNothing,
  jobAccounting,
  apiKeepsItsWord,
  orderlyEnds,
  resourcesReturn,
  liveness,
  canaryUntouched,
];
