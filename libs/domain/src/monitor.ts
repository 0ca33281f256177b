import type { Cause } from './cause.ts';
import type { Outcome } from './check.ts';
import type { Reason } from './reason.ts';
import type { MonitorStatus } from './status/monitor-status.ts';
import type { OwnerId } from './user.ts';

/** The periods that a monitor may have. A closed set keeps "who is due now" an index look-up of at most 15 entries. */
export const INTERVALS_SECONDS = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600,
] as const;

/** What a user chooses about a monitor. */
export interface MonitorSettings {
  /** What sort of check: `libs/checks` has the kinds, and what their settings are. */
  readonly kind: string;
  /** Secrets in them are encrypted: see `createEncryption`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly intervalSeconds: number;
  readonly timeoutMs: number;
  readonly name: string;
  /** An alert opens when the failures in the window are strictly more than this. */
  readonly threshold: number;
  readonly windowSeconds: number;
  /** Whether the user chose the timeout; one that nobody chose follows the interval. */
  readonly timeoutChosen: boolean;
  readonly paused: boolean;
  /** By which the user sorts them: each once. */
  readonly tags: readonly string[];
  readonly channelIds: readonly string[];
}

export interface Monitor extends MonitorSettings {
  readonly id: string;
  readonly ownerId: OwnerId;
  /** Grows with every change of the settings. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** How a monitor stands now. The last check's fields are null until it has one. */
export interface MonitorState {
  readonly status: MonitorStatus;
  readonly alerting: boolean;
  /** Whether nothing became known of it in time: a monitor can be down and stale. */
  readonly stale: boolean;
  /** When the maintenance that it is in ends; null outside of any. */
  readonly maintenanceUntil: Date | null;
  readonly lastSlot: Date | null;
  readonly lastOutcome: Outcome | null;
  readonly lastStatusCode: number | null;
  readonly lastReason: Reason | null;
  readonly lastCause: Cause | null;
}

export const MONITOR_DEFAULTS = {
  intervalSeconds: 60,
  windowSeconds: 300,
  paused: false,
  tags: [],
  channelIds: [],
} as const satisfies Partial<MonitorSettings>;

/** The lesser of 10 seconds and 80 % of the interval. */
export function defaultTimeoutMs(intervalSeconds: number): number {
  return Math.min(10_000, intervalSeconds * 800);
}
