import { createHash } from 'node:crypto';

/**
 * The first part of a path says what a receiver is: `steady` always takes what it is sent, `faulty` is at times as the faults
 * have it, `gone` answers 410 from some message on, and `disabled` belongs to a channel that is.
 */
export const RECEIVER_KINDS = ['steady', 'faulty', 'gone', 'disabled'] as const;
export type ReceiverKind = (typeof RECEIVER_KINDS)[number];

const TAKEN_BEFORE_GONE = 5;

/** The status that the message of this number on its path is answered with. */
export function statusOf(path: string, messageNumber: number, isFailing: boolean): number {
  const kind = path.split('/')[1];
  if (kind === 'gone' && messageNumber > TAKEN_BEFORE_GONE) return 410;
  return kind === 'faulty' && isFailing ? 500 : 200;
}

/** What the messages to a path are signed with. */
export function secretOf(path: string): string {
  return `whsec_${createHash('sha256').update(path).digest('base64')}`;
}
