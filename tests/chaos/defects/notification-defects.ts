import { disabledHearNothing, repetitionsHaveCause, sameMessage } from '../invariants/messages.ts';
import { everyTransitionDelivered, deliveredInOrder } from '../invariants/transitions-delivered.ts';
import type { Defect } from './defect.ts';

const AWAY = ['receivers refuse', 'receivers hang', 'receivers answer 500'];

/** Mistakes between an alert and its notifications. */
export const notificationDefects: readonly Defect[] = [
  {
    name: 'a notification is marked as sent before it is sent',
    patch: 'a-notification-is-marked-as-sent-before-it-is-sent.patch',
    faults: AWAY,
    caughtBy: everyTransitionDelivered.name,
  },
  {
    name: 'notifications are written outside the reconciling transaction',
    patch: 'notifications-are-written-outside-the-reconciling-transaction.patch',
    faults: ['kill scheduler', 'kill all schedulers', 'kill postgres', 'restart postgres fast'],
    caughtBy: everyTransitionDelivered.name,
  },
  {
    name: 'notifications are taken without order',
    // Failed notifications wait longer than an alert lasts, so that half a minute is enough to see it.
    patch: 'notifications-are-taken-without-order.patch',
    faults: AWAY,
    caughtBy: deliveredInOrder.name,
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
    name: 'disabled channels are notified, too',
    patch: 'disabled-channels-are-notified-too.patch',
    faults: [],
    caughtBy: disabledHearNothing.name,
  },
];
