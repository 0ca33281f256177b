// The sliding window over a monitor's failures, and the decision to open or resolve an alert.
// `replayAlerts` is the rule: a pure function of the rows. The window cache only finds cheaply
// which monitors may have changed; it never decides.
export { planAlertChanges, type AlertChanges, type StoredSpan } from './plan-alert-changes.ts';
export {
  planNotifications,
  type AlertOfRecipient,
  type AlertStatus,
  type LastNotification,
  type NotificationPlan,
  type RecipientState,
} from './plan-notifications.ts';
export { replayAlerts, type AlertSpan, type KnownCheck } from './rule.ts';
export {
  createWindowCache,
  type KnownSlots,
  type LoadKnownSlots,
  type WindowCache,
  type WindowState,
  type WindowUpdate,
} from './window-cache/window-cache.ts';
