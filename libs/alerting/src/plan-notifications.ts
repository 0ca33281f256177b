/** How an alert stands: `gone` when late results have undone it, or it ended although nobody saw the target recover. */
export type AlertStanding = 'open' | 'resolved' | 'gone';

/** The last opening or resolution that a channel is told of, or is about to be. */
export interface LastTold {
  readonly id: string;
  readonly transition: 'opened' | 'resolved';
  /** Whether its receiver may have heard of it. */
  readonly wasAttempted: boolean;
  /** Whether it waits for the end of a maintenance window. */
  readonly isHeld: boolean;
}

export interface AlertOfChannel {
  readonly standing: AlertStanding;
  /** Whether the channel is one of the monitor's now. */
  readonly isAttached: boolean;
  readonly isMaintained: boolean;
  readonly last: LastTold | null;
}

export interface NotificationPlan {
  /** To be told, in this order. */
  readonly add: readonly ('opened' | 'resolved')[];
  /** The last one need not be told any more. */
  readonly dropLast: boolean;
}

const NOTHING: NotificationPlan = { add: [], dropLast: false };

/**
 * What makes a channel know how an alert stands. Who was told of the opening is told of the end, attached or not; who was not,
 * is not. What was never sent is taken back rather than contradicted.
 */
export function planNotifications({ standing, isAttached, isMaintained, last }: AlertOfChannel): NotificationPlan {
  if (!last) {
    if (!isAttached || standing === 'gone') return NOTHING;
    if (standing === 'open') return { add: ['opened'], dropLast: false };
    return isMaintained ? NOTHING : { add: ['opened', 'resolved'], dropLast: false };
  }
  if ((last.transition === 'opened') === (standing === 'open')) return NOTHING;
  const takenBack = !last.wasAttempted && (standing !== 'resolved' || last.isHeld);
  if (takenBack) return { add: [], dropLast: true };
  return { add: [standing === 'open' ? 'opened' : 'resolved'], dropLast: false };
}
