import { alertsFollowRows, noFalseResolution, oneOpenAlert } from './alerts.ts';
import { apiKeepsItsWord, canaryUntouched, jobAccounting, liveness } from './quiescent.ts';
import { counts } from './counts.ts';
import type { Invariant } from './invariant.ts';
import { disabledHearNothing, repetitionsHaveCause, sameMessage } from './messages.ts';
import { orderlyEnds, resourcesReturn } from './processes.ts';
import { noFalseFailure, rowsMatchRequests } from './rows-match-requests.ts';
import { slotCompleteness } from './slot-completeness.ts';
import { everyTransitionDelivered, deliveredInOrder } from './transitions-delivered.ts';
import { nothingUnknownIsUp } from './statuses.ts';
import { windowsEqualRows } from './windows.ts';

/**
 * Each layer is judged by the one before it: rows by slots and the target's log, all else by the rows, and what was delivered by the
 * alerts and the receivers' log.
 */
export const INVARIANTS: readonly Invariant[] = [
  slotCompleteness,
  rowsMatchRequests,
  noFalseFailure,
  counts,
  alertsFollowRows,
  oneOpenAlert,
  noFalseResolution,
  windowsEqualRows,
  nothingUnknownIsUp,
  everyTransitionDelivered,
  deliveredInOrder,
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
