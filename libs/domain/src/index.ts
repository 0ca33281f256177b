// The nouns and the arithmetic of GoMon. Pure: no package, no other lib, no clock, no input or output.
export {
  CAUSES,
  describeCause,
  isCauseDetail,
  isCauseOf,
  toCauseDetail,
  type Cause,
} from './cause.ts';
export {
  DEFAULT_LOCATION,
  OUTCOMES,
  expectsStatus,
  isStatusExpectation,
  type CheckResult,
  type Outcome,
  type Phases,
} from './check.ts';
export { DomainError, type DomainErrorCode } from './domain-error.ts';
export { fingerprint } from './fingerprint.ts';
export { largestThreshold, NEVER_ALERTS } from './largest-threshold.ts';
export {
  INTERVALS_SECONDS,
  MONITOR_DEFAULTS,
  defaultTimeoutMs,
  type Monitor,
  type MonitorSettings,
  type MonitorState,
} from './monitor.ts';
export {
  MONITOR_STATUSES,
  STALE_MARGIN_SECONDS,
  statusOf,
  type MonitorStatus,
  type StatusFacts,
} from './status/monitor-status.ts';
export type { Channel } from './channel.ts';
export { checksExpire, CYCLE_LIMITS, cyclesEndInTime, type CycleReading } from './status/cycle.ts';
export {
  NOTIFICATION_FIELD,
  NOTIFICATION_STATUSES,
  NOTIFICATION_TRANSITIONS,
  type ConfirmationContent,
  type NotificationContent,
  type NotificationStatus,
  type NotificationTransition,
  type NotifiedCheck,
  type NotifiedFailure,
} from './notification.ts';
export type { MaintenanceRule, MaintenanceSpan, MaintenanceWindow } from './maintenance.ts';
export {
  FAILURE_REASONS,
  UNKNOWN_REASONS,
  type FailureReason,
  type Reason,
  type UnknownReason,
} from './reason.ts';
export {
  dispatchDelay,
  dueSlots,
  lastSkippedSlot,
  nextImmediateSlot,
  phaseOf,
  shardOf,
  type DueSlot,
} from './slots.ts';
export {
  STATUS_MESSAGE_KINDS,
  type StatusMessage,
  type StatusMessageKind,
  type StatusMessageSettings,
  type StatusPage,
  type StatusPageGroup,
  type StatusPageSettings,
} from './status-page.ts';
export {
  ALERT_ENDS,
  type Alert,
  type AlertEnd,
  type AlertRule,
  type FailedCheck,
} from './alert.ts';
export { API_KEY_SCOPES, type ApiKey, type ApiKeyScope, type OwnerId, type User } from './user.ts';
