/** How an alert stands: `gone` when late results have undone it, or it ended although nobody saw the target recover. */
export type AlertStatus = 'open' | 'resolved' | 'gone';

/** The last opening or resolution that a recipient is told of, or is about to be. */
export interface LastTold {
  readonly id: string;
  readonly transition: 'opened' | 'resolved';
  /** Whether its receiver may have heard of it. */
  readonly wasAttempted: boolean;
  /** Whether it waits for the end of a maintenance window. */
  readonly isHeld: boolean;
}

/** `disabled` by its owner, who still gets ends; `silent` ones get nothing: their receiver wants nothing, or they are no recipients any more. */
export type RecipientState = 'enabled' | 'disabled' | 'silent';

export interface AlertOfRecipient {
  readonly status: AlertStatus;
  /** Whether the recipient is one of the monitor's now. */
  readonly isAttached: boolean;
  readonly state: RecipientState;
  /** Whether the recipient was one of the monitor's when the alert opened: it opens now, or an earlier plan says so. */
  readonly heardOpening: boolean;
  readonly isMaintained: boolean;
  readonly last: LastTold | null;
}

export interface NotificationPlan {
  /** To be told, in this order. */
  readonly add: readonly ('opened' | 'resolved')[];
  /** The last one need not be told any more. */
  readonly dropLast: boolean;
  /** What is added is not sent, and only keeps that the recipient was there when the alert opened. */
  readonly isTakenBack: boolean;
}

const NOTHING: NotificationPlan = { add: [], dropLast: false, isTakenBack: false };

/**
 * What makes a recipient know how an alert stands. Only a recipient that was attached when the alert opened hears of it; it then
 * hears the end, attached or not. What was never sent is taken back rather than contradicted.
 */
export function planNotifications(alert: AlertOfRecipient): NotificationPlan {
  const { status, state, last } = alert;
  if (state === 'silent') return NOTHING;
  if (state === 'disabled') {
    const awaitsEnd = last?.transition === 'opened' && last.wasAttempted && status !== 'open';
    return awaitsEnd ? { ...NOTHING, add: ['resolved'] } : NOTHING;
  }
  if (!last) return planFirst(alert);
  if ((last.transition === 'opened') === (status === 'open')) return NOTHING;
  const takenBack = !last.wasAttempted && (status !== 'resolved' || last.isHeld);
  if (takenBack) return { ...NOTHING, dropLast: true };
  return { ...NOTHING, add: [status === 'open' ? 'opened' : 'resolved'] };
}

function planFirst({ status, isAttached, heardOpening, isMaintained }: AlertOfRecipient): NotificationPlan {
  if (!isAttached || !heardOpening || status === 'gone') return NOTHING;
  if (status === 'open') return { ...NOTHING, add: ['opened'] };
  return isMaintained ? { ...NOTHING, add: ['opened'], isTakenBack: true } : { ...NOTHING, add: ['opened', 'resolved'] };
}
