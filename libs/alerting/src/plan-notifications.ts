/**
 * An alert's state: `gone` when late results have undone it, or when it ended although no check saw
 * the target recover.
 */
export type AlertStatus = 'open' | 'resolved' | 'gone';

/** The last opening or resolution that a recipient got or is about to get. */
export interface LastNotification {
  readonly id: string;
  readonly transition: 'opened' | 'resolved';
  /** Whether the receiver may have got it. */
  readonly wasAttempted: boolean;
  /** Whether it waits for the end of a maintenance window. */
  readonly isHeld: boolean;
}

/**
 * `disabled` by its owner: still gets ends. `silent`: gets nothing, because its receiver ended it
 * or it is no recipient any more.
 */
export type RecipientState = 'enabled' | 'disabled' | 'silent';

export interface AlertOfRecipient {
  readonly status: AlertStatus;
  /** Whether the recipient belongs to the monitor now. */
  readonly isAttached: boolean;
  readonly state: RecipientState;
  /**
   * Whether the recipient belonged to the monitor when the alert opened: it opens now, or an
   * earlier plan says so.
   */
  readonly heardOpening: boolean;
  readonly isMaintained: boolean;
  readonly last: LastNotification | null;
}

export interface NotificationPlan {
  /** To notify, in this order. */
  readonly add: readonly ('opened' | 'resolved')[];
  /** The last notification is no longer needed. */
  readonly dropLast: boolean;
  /** What is added is not sent; it only records that the recipient was there when the alert opened. */
  readonly isTakenBack: boolean;
}

const NOTHING: NotificationPlan = { add: [], dropLast: false, isTakenBack: false };

/**
 * The changes that bring a recipient up to date. Only a recipient attached when the alert opened
 * gets it, and then also its end, attached or not. Unsent notifications are withdrawn rather than
 * contradicted.
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

function planFirst({
  status,
  isAttached,
  heardOpening,
  isMaintained,
}: AlertOfRecipient): NotificationPlan {
  if (!isAttached || !heardOpening || status === 'gone') return NOTHING;
  if (status === 'open') return { ...NOTHING, add: ['opened'] };
  return isMaintained
    ? { ...NOTHING, add: ['opened'], isTakenBack: true }
    : { ...NOTHING, add: ['opened', 'resolved'] };
}
