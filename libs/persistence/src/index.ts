// The only code that knows Prisma or SQL. Functions take `db` first and work inside a transaction
// as well as outside, unless they say that they open one. Business time is the database's clock;
// slots are whole seconds.
export {
  connect,
  ping,
  shareAmongHolders,
  type ConnectOptions,
  type Db,
  type Queryable,
  type SqlExecutor,
} from './db/db.ts';
export { migrate } from './db/migrate.ts';
export { listShards } from './pipeline/dispatch.ts';
export {
  createShards,
  maintainPartitions,
  partitionsEnd,
  type MaintenanceReport,
} from './db/partitions.ts';
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
} from './notifications/notification-outbox.ts';
export {
  claimNotifications,
  pauseChannel,
  disableChannel,
  endAttempt,
  oldestPendingSeconds,
  type ClaimedNotification,
  type ClaimOptions,
  type EndedAttempt,
} from './notifications/notification-queue.ts';
export {
  addDryRun,
  deleteOldDryRuns,
  endDryRun,
  findDryRunVerdict,
  takeDryRuns,
  type TakenDryRun,
  type DryRunSettings,
  type DryRunVerdict,
} from './monitors/dry-runs.ts';
export { countSendingRequest } from './notifications/test-requests.ts';
export { acknowledgeAlert, listAlerts, type AlertFilter } from './monitors/alerts.ts';
export {
  createApiKey,
  deleteApiKey,
  findLiveApiKeys,
  listApiKeys,
  noteApiKeyUse,
  type ApiKeyFilter,
  type LiveApiKey,
  type NewApiKey,
} from './accounts/api-keys.ts';
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
} from './notifications/channels.ts';
export {
  addTestNotifications,
  findDelivery,
  listDeliveries,
  redeliver,
  type Delivery,
  type DeliveryAttempt,
  type DeliveryFilter,
} from './notifications/deliveries.ts';
export { closeBadge, findBadgeMonitor, openBadge } from './reports/badges.ts';
export { deleteMonitors, pauseMonitors, resumeMonitors } from './monitors/bulk-changes.ts';
export {
  listMonitorNews,
  listOpenAlerts,
  type MonitorNews,
  type OpenAlert,
} from './reports/changes.ts';
export {
  listChecks,
  readKnownHistory,
  type CheckFilter,
  type CheckRow,
  type KnownHistory,
  type MonitorLocation,
} from './monitors/checks.ts';
export { readLatency, type LatencyPoint } from './reports/latency.ts';
export { databaseFault, type DatabaseFault } from './db/fault.ts';
export { answerOnce, type KeptAnswer, type RequestKey } from './accounts/idempotency-keys.ts';
export { isKnownNetwork, rememberNetwork } from './accounts/known-networks.ts';
export {
  countAttempt,
  deleteForgottenAttempts,
  takeBackAttempt,
  type AttemptLimit,
} from './accounts/login-attempts.ts';
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
} from './monitors/maintenance-windows.ts';
export {
  createMonitor,
  requestCheck,
  updateMonitor,
  type MonitorChange,
  type NewMonitor,
} from './monitors/monitor-changes.ts';
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
} from './monitors/monitors.ts';
export {
  grantPrivileges,
  PRIVILEGES,
  ROLES,
  type RoleOwner,
  type RolePasswords,
} from './db/privileges.ts';
export {
  countStatuses,
  listOverview,
  listTags,
  type MonitorOverview,
  type MonitorSelection,
  type OverviewFilter,
  type RecentCheck,
  type TagCount,
} from './reports/overview.ts';
export { addNumberedMonitors, type Population } from './admin/populate.ts';
export {
  ENCRYPTED_PLACES,
  rotateEncryptedRows,
  sampleEncryptedRows,
  type EncryptedPlace,
  type EncryptedRow,
} from './admin/encrypted-rows.ts';
export { readDatabaseServer, type DatabaseServer } from './admin/database-server.ts';
export { readMigrationState, type MigrationState } from './admin/migration-state.ts';
export { comparePrivileges, type PrivilegeDifferences } from './admin/privilege-differences.ts';
export {
  createSession,
  deleteExpiredSessions,
  deleteSession,
  listLiveCredentials,
  ownersOfSessions,
  type Session,
} from './accounts/sessions.ts';
export { readStats, type Stats } from './reports/stats.ts';
export {
  createStatusMessage,
  deleteStatusMessage,
  listStatusMessages,
  updateStatusMessage,
  type StatusMessageFilter,
} from './status-pages/status-messages.ts';
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
} from './status-pages/status-pages.ts';
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
} from './reports/public-status.ts';
export { confirmAddress } from './notifications/confirmations.ts';
export { dropWaiting, removeLeftovers } from './upkeep/leftovers.ts';
export {
  PURGED_AT_ONCE,
  purgeAlerts,
  purgeConfirmationMails,
  purgeGaps,
  purgeMaintenanceSpans,
  purgeNotifications,
} from './upkeep/retention.ts';
export {
  addExpiredChecks,
  readStatus,
  recordQueueReading,
  type QueueReading,
  type Status,
} from './upkeep/status.ts';
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
} from './accounts/users.ts';
