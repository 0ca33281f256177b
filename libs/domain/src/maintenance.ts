/** When a maintenance window is there: once, or again and again. */
export interface MaintenanceRule {
  readonly startsAt: Date;
  readonly durationSeconds: number;
  /** RFC 5545; null for once. */
  readonly rrule: string | null;
  /** In which the rule counts days and hours: a name such as Europe/Vienna. */
  readonly timeZone: string;
}

/** Notifications are held back in it. */
export interface MaintenanceWindow extends MaintenanceRule {
  readonly id: string;
  /** Null for all monitors of its owner. */
  readonly monitorId: string | null;
  readonly name: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface MaintenanceSpan {
  readonly from: Date;
  readonly until: Date;
}
