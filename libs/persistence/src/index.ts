// The only code that knows Prisma or SQL. Functions take `db` first and work inside a transaction as well as outside,
// unless they say that they open one. Times of the product are the database's clock; slots are whole seconds.
export { connect, ping, shareAmongHolders, type ConnectOptions, type Db, type Queryable, type SqlExecutor } from './db.ts';
export { migrate } from './migrate.ts';
export { createShards, maintainPartitions, partitionsEnd, type MaintenanceReport } from './partitions.ts';
export {
  activeSince,
  countDueChecks,
  dueChecks,
  listShards,
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
export { haveMonitorEach, storeCheckResults, type ShardResult, type StoreReport, type StoredCheck } from './ingest.ts';
export {
  addAlerts,
  alertsSince,
  changeAlerts,
  endPausedAlerts,
  knownChecks,
  lockForSettling,
  removeAlerts,
  takeUntoldEnds,
  type AlertRow,
  type KnownCheckRow,
  type MonitorSince,
  type NewAlert,
  type SettlingRule,
  type UntoldEnd,
} from './settle.ts';
export { keepFailedChecks } from './failed-checks.ts';
export {
  addNotifications,
  addReminders,
  recipientsOfMonitors,
  dropNotifications,
  lockNotifications,
  maintainedMonitors,
  releaseHeldNotifications,
  type MonitorRecipientRow,
  type NewNotification,
  type StoredNotification,
} from './notification-outbox.ts';
export {
  claimNotifications,
  pauseChannel,
  disableChannel,
  endAttempt,
  oldestPendingSeconds,
  type ClaimedNotification,
  type ClaimOptions,
  type EndedAttempt,
} from './notification-queue.ts';
export {
  addProbeTrial,
  deleteOldTrials,
  endProbeTrial,
  findTrialVerdict,
  takeProbeTrials,
  type TakenTrial,
  type TrialSettings,
  type TrialVerdict,
} from './probe-trials.ts';
export { countSendingRequest } from './sending-requests.ts';
export { acknowledgeAlert, listAlerts, type AlertFilter } from './alerts.ts';
export {
  createApiKey,
  deleteApiKey,
  findLiveApiKeys,
  listApiKeys,
  noteApiKeyUse,
  type ApiKeyFilter,
  type LiveApiKey,
  type NewApiKey,
} from './api-keys.ts';
export {
  createChannel,
  deleteChannel,
  findChannel,
  listChannels,
  missingChannels,
  updateChannel,
  type ChannelChange,
  type ChannelChoice,
  type ChannelFilter,
  type NewChannel,
} from './channels.ts';
export {
  addTestNotifications,
  findDelivery,
  listDeliveries,
  redeliver,
  type Delivery,
  type DeliveryAttempt,
  type DeliveryFilter,
} from './deliveries.ts';
export { closeBadge, findBadgeMonitor, openBadge } from './badges.ts';
export { deleteMonitors, pauseMonitors, resumeMonitors } from './bulk-changes.ts';
export { listMonitorNews, listOpenAlerts, type MonitorNews, type OpenAlert } from './changes.ts';
export {
  listChecks,
  readKnownHistory,
  type CheckFilter,
  type CheckRow,
  type KnownHistory,
  type MonitorLocation,
} from './checks.ts';
export { readLatency, type LatencyPoint } from './latency.ts';
export { databaseFault, type DatabaseFault } from './fault.ts';
export { answerOnce, type KeptAnswer, type RequestKey } from './idempotency-keys.ts';
export { isKnownNetwork, rememberNetwork } from './known-networks.ts';
export { countAttempt, deleteForgottenAttempts, takeBackAttempt, type AttemptLimit } from './login-attempts.ts';
export {
  createMaintenanceWindow,
  deleteMaintenanceWindow,
  findMaintenanceWindow,
  growWindow,
  listMaintenanceWindows,
  updateMaintenanceWindow,
  windowsToGrow,
  type GrowingWindow,
  type MaintenanceChoice,
  type MaintenanceWindowChange,
  type MaintenanceWindowFilter,
  type MaintenanceWindowState,
  type NewMaintenanceWindow,
} from './maintenance-windows.ts';
export { createMonitor, requestCheck, updateMonitor, type MonitorChange, type NewMonitor } from './monitor-changes.ts';
export {
  deleteMonitor,
  findMonitor,
  findMonitors,
  listMonitors,
  locateMonitor,
  MONITORS_AT_ONCE,
  type MonitorFilter,
  type MonitorKey,
  type MonitorWithState,
} from './monitors.ts';
export { grantPrivileges, PRIVILEGES, ROLES, type RoleOwner, type RolePasswords } from './privileges.ts';
export {
  countStandings,
  listOverview,
  listTags,
  type MonitorOverview,
  type MonitorSelection,
  type OverviewFilter,
  type RecentCheck,
  type TagCount,
} from './overview.ts';
export { addNumberedMonitors, type Population } from './populate.ts';
export { renewSealedRows, SEALED_PLACES, type SealedPlace, type SealedRow } from './sealed-rows.ts';
export {
  createSession,
  deleteExpiredSessions,
  deleteSession,
  listLiveCredentials,
  ownersOfSessions,
  type Session,
} from './sessions.ts';
export { readStats, type Stats } from './stats.ts';
export {
  createStatusMessage,
  deleteStatusMessage,
  listStatusMessages,
  updateStatusMessage,
  type StatusMessageFilter,
} from './status-messages.ts';
export {
  createStatusPage,
  deleteStatusPage,
  findStatusPage,
  listStatusPages,
  missingMonitors,
  updateStatusPage,
  type NewStatusPage,
  type StatusPageChange,
  type StatusPageFilter,
} from './status-pages.ts';
export {
  findPublishedPage,
  readDays,
  readNewestSpells,
  readPlannedMaintenance,
  readPublicMonitors,
  readSpells,
  type DayCount,
  type PlannedMaintenance,
  type PublicMonitor,
  type PublishedPage,
  type Spell,
} from './public-status.ts';
export { confirmAddress } from './confirmations.ts';
export { dropWaiting, removeLeftovers } from './leftovers.ts';
export {
  PURGED_AT_ONCE,
  purgeAlerts,
  purgeConfirmationMails,
  purgeGaps,
  purgeMaintenanceSpans,
  purgeNotifications,
} from './retention.ts';
export { addExpiredChecks, readStatus, recordQueueReading, type QueueReading, type Status } from './status.ts';
export { listUnsettled, markSettled, markUnsettled, unsettledMonitors, type UnsettledShard } from './unsettled.ts';
export {
  createUser,
  deleteUser,
  findCredentials,
  findCredentialsOf,
  findUser,
  replacePasswordHash,
  updateUser,
  type AccountChange,
  type Credentials,
} from './users.ts';
export { alertStates, findOvertaken, knownSlots, type AlertState, type KnownSlots, type MonitorAfter } from './windows.ts';
