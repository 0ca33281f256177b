// What the scheduler alone does with checks: dispatch, ingest, windows and reconciling alerts. The hot path: its fast forms are in
// `fast/`, each beside a test with the plain form.
export {
  activeSince,
  countDueChecks,
  dueChecks,
  markDispatched,
  missingChecks,
  recordGap,
  smallestInterval,
  takeImmediateChecks,
  withClaimedShards,
  type DueCheck,
  type ShardClaim,
  type ShardSlot,
} from './dispatch.ts';
export {
  haveMonitorEach,
  storeCheckResults,
  type ShardResult,
  type StoreReport,
  type StoredCheck,
} from './ingest.ts';
export {
  addAlerts,
  alertsSince,
  changeAlerts,
  endPausedAlerts,
  knownChecks,
  lockForReconciling,
  removeAlerts,
  takeUnnotifiedEnds,
  type AlertRow,
  type KnownCheckRow,
  type MonitorSince,
  type NewAlert,
  type ReconcilingRule,
  type UnnotifiedEnd,
} from './reconcile.ts';
export { keepFailedChecks } from './failed-checks.ts';
export {
  listUnreconciled,
  markReconciled,
  markUnreconciled,
  unreconciledMonitors,
  type UnreconciledShard,
} from './reconcile-marks.ts';
export {
  alertStates,
  findOvertaken,
  knownSlots,
  type AlertState,
  type KnownSlots,
  type MonitorAfter,
} from './windows.ts';
