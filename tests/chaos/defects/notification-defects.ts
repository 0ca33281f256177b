import { disabledHearNothing, repetitionsHaveCause, sameMessage } from '../invariants/messages.ts';
import { everyTransitionTold, toldInOrder } from '../invariants/transitions-told.ts';
import type { Defect } from './defect.ts';

const AWAY = ['receivers refuse', 'receivers hang', 'receivers answer 500'];

/** Mistakes on the way from alerts to those who are told of them. */
export const notificationDefects: readonly Defect[] = [
  {
    name: 'a notification is marked as sent before it is sent',
    patch: 'a-notification-is-marked-as-sent-before-it-is-sent.patch',
    faults: AWAY,
    caughtBy: everyTransitionTold.name,
  },
  {
    name: 'notifications are written outside the reconciling transaction',
    patch: 'notifications-are-written-outside-the-reconciling-transaction.patch',
    faults: ['kill scheduler', 'kill all schedulers', 'kill postgres', 'restart postgres fast'],
    caughtBy: everyTransitionTold.name,
  },
  {
    name: 'notifications are taken without order',
    // Failed notifications wait longer than an alert lasts, so that half a minute is enough to see it.
    patch: 'notifications-are-taken-without-order.patch',
    faults: AWAY,
    caughtBy: toldInOrder.name,
  },
  {
    name: 'every attempt has a new id',
    patch: 'every-attempt-has-a-new-id.patch',
    faults: AWAY,
    caughtBy: sameMessage.name,
  },
  {
    name: 'what is being sent is not leased',
    patch: 'what-is-being-sent-is-not-leased.patch',
    faults: AWAY,
    caughtBy: repetitionsHaveCause.name,
  },
  {
    name: 'a channel whose receiver answers 410 stays enabled',
    patch: 'a-channel-whose-receiver-answers-410-stays-enabled.patch',
    faults: [],
    caughtBy: disabledHearNothing.name,
  },
  {
    name: 'disabled channels are told, too',
    patch: 'disabled-channels-are-told-too.patch',
    faults: [],
    caughtBy: disabledHearNothing.name,
  },
];
