import type { AlertEnd, FailedCheck } from './alert.ts';
import type { Cause } from './cause.ts';
import type { Outcome } from './check.ts';
import type { Reason } from './reason.ts';

/**
 * The event of a notification: an alert opened or resolved, an alert is still open, a test of the
 * channel, or the code that confirms an address.
 */
export const NOTIFICATION_TRANSITIONS = [
  'opened',
  'resolved',
  'reminder',
  'test',
  'confirmation',
] as const;

export type NotificationTransition = (typeof NOTIFICATION_TRANSITIONS)[number];

/**
 * `pending`: to send. `held`: waits for the end of a maintenance window. `dead`: failed for a day,
 * or the receiver refused it permanently. `dropped`: never sent and not needed: its alert was over,
 * or its channel was disabled.
 */
export const NOTIFICATION_STATUSES = ['pending', 'held', 'delivered', 'dead', 'dropped'] as const;

export type NotificationStatus = (typeof NOTIFICATION_STATUSES)[number];

/**
 * The header field of every HTTP notification. A request with it comes from GoMon, and must not
 * trigger another notification.
 */
export const NOTIFICATION_FIELD = 'gomon-notification';

export interface NotifiedCheck {
  readonly slot: string;
  readonly outcome: Outcome;
  readonly statusCode: number | null;
  readonly reason: Reason | null;
  /** Absent in records from before causes were stored. */
  readonly cause?: Cause | null;
  readonly causeDetail?: string | null;
  readonly durationMs: number | null;
}

/** A failed check, with its slot as RFC 3339, UTC. */
export type NotifiedFailure = Omit<FailedCheck, 'slot'> & { readonly slot: string };

/** The facts of a message. Times are RFC 3339, UTC. */
export interface NotificationContent {
  readonly monitor: {
    readonly id: string;
    readonly name: string;
    /** Absent in what was kept before there were kinds. */
    readonly kind?: string;
    /** What is checked: a URL, or what the kind has in its place. */
    readonly url: string;
  };
  readonly alert: {
    readonly id: string;
    readonly openedAt: string;
    readonly resolvedAt: string | null;
    readonly failures: number;
    readonly threshold: number;
    readonly windowSeconds: number;
    /** Absent when a check resolved it. */
    readonly endedBy?: AlertEnd;
    /** The failed check that opened it, and the last one before its end; absent when unknown. */
    readonly openedBy?: NotifiedFailure;
    readonly lastFailure?: NotifiedFailure;
    /** What failed; absent when the monitor still checks it. */
    readonly url?: string;
  };
  /** The last checks at that time, newest first. */
  readonly lastChecks: readonly NotifiedCheck[];
}

/** In place of an alert's facts: an email to an unconfirmed address. */
export interface ConfirmationContent {
  readonly confirmation: {
    readonly channelId: string;
    readonly address: string;
    readonly code: string;
  };
}
