import type { AlertEnd, FailedCheck } from './alert.ts';
import type { Cause } from './cause.ts';
import type { Outcome, Reason } from './check.ts';

/**
 * What is told: that an alert opened or resolved, that it is open still, nothing but that the channel works, or by which code an address is
 * confirmed.
 */
export const NOTIFICATION_TRANSITIONS = ['opened', 'resolved', 'reminder', 'test', 'confirmation'] as const;

export type NotificationTransition = (typeof NOTIFICATION_TRANSITIONS)[number];

/**
 * `pending` is to be sent, `held` waits for the end of a maintenance window, `dead` was tried for a day in vain or answered for good, `dropped` was
 * never sent and need not be: its alert was over before, or its channel was disabled.
 */
export const NOTIFICATION_STATUSES = ['pending', 'held', 'delivered', 'dead', 'dropped'] as const;

export type NotificationStatus = (typeof NOTIFICATION_STATUSES)[number];

/** The header field of every notification by HTTP. What comes with it is not asked for by a person, and must not make another. */
export const NOTIFICATION_FIELD = 'gomon-notification';

export interface ToldCheck {
  readonly slot: string;
  readonly outcome: Outcome;
  readonly statusCode: number | null;
  readonly reason: Reason | null;
  /** Absent in what was kept before there were causes. */
  readonly cause?: Cause | null;
  readonly causeDetail?: string | null;
  readonly durationMs: number | null;
}

/** A check that failed, with its slot as RFC 3339, UTC. */
export type ToldFailure = Omit<FailedCheck, 'slot'> & { readonly slot: string };

/** The facts of a message. Moments are RFC 3339, UTC. */
export interface NotificationContent {
  readonly monitor: { readonly id: string; readonly name: string; readonly url: string };
  readonly alert: {
    readonly id: string;
    readonly openedAt: string;
    readonly resolvedAt: string | null;
    readonly failures: number;
    readonly threshold: number;
    readonly windowSeconds: number;
    /** Absent when a check resolved it. */
    readonly endedBy?: AlertEnd;
    /** The failed check that opened it, and the last one before its end; absent where they are not known. */
    readonly openedBy?: ToldFailure;
    readonly lastFailure?: ToldFailure;
  };
  /** The last checks by then, newest first. */
  readonly lastChecks: readonly ToldCheck[];
}

/** In place of the facts of an alert: a mail to an address that is not confirmed yet. */
export interface ConfirmationContent {
  readonly confirmation: { readonly channelId: string; readonly address: string; readonly code: string };
}
