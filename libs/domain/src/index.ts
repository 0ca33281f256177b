// The nouns and the arithmetic of GoMon. Pure: no package, no other lib, no clock, no input or output.
export {
  FAILURE_REASONS,
  OUTCOMES,
  UNKNOWN_REASONS,
  expectsStatus,
  isStatusExpectation,
  type CheckResult,
  type FailureReason,
  type Outcome,
  type Reason,
  type UnknownReason,
} from './check.ts';
export { DomainError, type DomainErrorCode } from './domain-error.ts';
export { fingerprint } from './fingerprint.ts';
export { isHttpPort } from './http-ports.ts';
export {
  INTERVALS_SECONDS,
  MONITOR_DEFAULTS,
  PROBE_METHODS,
  defaultTimeoutMs,
  type Monitor,
  type MonitorSettings,
  type MonitorState,
  type ProbeMethod,
  type ProbeSettings,
} from './monitor.ts';
export { CYCLE_LIMITS, cyclesEndInTime, type CycleReading } from './cycle.ts';
export { createSeal, isSealed, type Seal } from './seal.ts';
export { dispatchDelay, dueSlots, lastSkippedSlot, nextImmediateSlot, phaseOf, shardOf, type DueSlot } from './slots.ts';
export type { Alert, AlertRule } from './alert.ts';
export { API_KEY_SCOPES, type ApiKey, type ApiKeyScope, type User } from './user.ts';
