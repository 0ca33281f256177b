// The only code that knows Prisma or SQL. Functions take `db` first and work inside a transaction as well as outside,
// unless they say that they open one. Times of the product are the database's clock; slots are whole seconds.
export { connect, ping, type ConnectOptions, type Db, type Queryable } from './db.ts';
export { migrate } from './migrate.ts';
export { createShards, maintainPartitions, type MaintenanceReport } from './partitions.ts';
export {
  activeSince,
  dueChecks,
  listShards,
  markDispatched,
  missingChecks,
  recordGap,
  smallestInterval,
  takeImmediateChecks,
  withClaimedShard,
  type DueCheck,
  type ShardClaim,
} from './dispatch.ts';
export {
  findOvertaken,
  ingestRules,
  knownSlots,
  storeCheckResults,
  withOpenAlert,
  type IngestRule,
  type MonitorAfter,
  type StoredCheck,
} from './ingest.ts';
export {
  addAlerts,
  alertsSince,
  changeAlerts,
  knownChecks,
  lockForSettling,
  removeAlerts,
  type AlertRow,
  type KnownCheckRow,
  type MonitorSince,
  type NewAlert,
  type SettlingRule,
} from './settle.ts';
export { acknowledgeAlert, listAlerts, type AlertFilter } from './alerts.ts';
export { missingChannels } from './channels.ts';
export { listChecks, type CheckFilter, type CheckRow, type MonitorLocation } from './checks.ts';
export { databaseFault, type DatabaseFault } from './fault.ts';
export { createMonitor, requestCheck, updateMonitor, type MonitorChange, type NewMonitor } from './monitor-changes.ts';
export {
  deleteMonitor,
  findMonitor,
  listMonitors,
  locateMonitor,
  type MonitorFilter,
  type MonitorWithState,
} from './monitors.ts';
export { addNumberedMonitors, type Population } from './populate.ts';
export { createSession, deleteExpiredSessions, deleteSession, isSessionAlive, type Session } from './sessions.ts';
export { readStats, type Stats } from './stats.ts';
export { createUser, findCredentials, findUser, type Credentials } from './users.ts';
