/** When a maintenance window takes place: once or repeatedly. */
export interface MaintenanceRule {
  readonly startsAt: Date;
  readonly durationSeconds: number;
  /** RFC 5545; null for once. */
  readonly rrule: string | null;
  /** The time zone of the rule's days and hours: a name such as Europe/Vienna. */
  readonly timeZone: string;
}

/** Holds notifications back while it is on. */
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
