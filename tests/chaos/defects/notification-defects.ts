import { disabledHearNothing, repetitionsHaveCause, sameMessage } from '../invariants/messages.ts';
import { everyTransitionTold, toldInOrder } from '../invariants/transitions-told.ts';
import type { Defect } from './defect.ts';

const SENDER = 'apps/scheduler/src/notifications/sender.ts';
const ATTEMPT = 'apps/scheduler/src/notifications/attempt.ts';
const QUEUE = 'libs/persistence/src/notifications/notification-queue.ts';
const AWAY = ['receivers refuse', 'receivers hang', 'receivers answer 500'];

/** Mistakes on the way from alerts to those who are told of them. */
export const notificationDefects: readonly Defect[] = [
  {
    name: 'a notification is marked as sent before it is sent',
    patches: [
      {
        file: SENDER,
        from: '    const sent = makeAttempt(notification, deps, leasedUntil)',
        to: '    const early = { receipt: { statusCode: 200, error: null }, durationMs: 0 };\n    const sent = writeDown(notification, early, deps)\n      .then(() => makeAttempt(notification, deps, leasedUntil))',
      },
    ],
    faults: AWAY,
    caughtBy: everyTransitionTold.name,
  },
  {
    name: 'notifications are written outside the reconciling transaction',
    patches: [
      {
        file: 'apps/scheduler/src/scheduler.ts',
        from: '  const onFault = createFaultLog(logger);\n',
        to: '  const onFault = createFaultLog(logger);\n  Object.assign(globalThis, { outbox: db });\n',
      },
      {
        file: 'apps/scheduler/src/notifications/enqueue.ts',
        from: '  if (alerts.length === 0) return;\n',
        to: '  const { outbox } = globalThis as any;\n  if (tx !== outbox) return void setTimeout(() => void enqueueNotifications(outbox, alerts).catch(() => undefined), 2500);\n',
      },
    ],
    faults: ['kill scheduler', 'kill all schedulers', 'kill postgres', 'restart postgres fast'],
    caughtBy: everyTransitionTold.name,
  },
  {
    name: 'notifications are taken without order',
    patches: [
      {
        file: QUEUE,
        from: "AND e.position < n.position AND e.status IN ('pending', 'held'))`",
        to: "AND e.position < n.position AND e.status IN ('held'))`",
      },
      // What failed waits for longer than an alert lasts, so that half a minute is enough to see it.
      { file: SENDER, from: 'Math.random(), receipt.retryAfterSeconds)', to: 'Math.random(), 15)' },
    ],
    faults: AWAY,
    caughtBy: toldInOrder.name,
  },
  {
    name: 'every attempt has a new id',
    patches: [
      {
        file: ATTEMPT,
        from: 'composeMessage({ ...notification, transition, content }, publicUrl)',
        to: 'composeMessage({ ...notification, transition, content, id: crypto.randomUUID() }, publicUrl)',
      },
    ],
    faults: AWAY,
    caughtBy: sameMessage.name,
  },
  {
    name: 'what is being sent is not leased',
    patches: [
      {
        file: QUEUE,
        from: "leased_until = clock_timestamp() + ${leaseSeconds}::int * interval '1 second'",
        to: 'leased_until = clock_timestamp()',
      },
      {
        file: QUEUE,
        from: "leased_until - ${leaseSeconds}::int * interval '1 second'",
        to: 'leased_until',
      },
    ],
    faults: AWAY,
    caughtBy: repetitionsHaveCause.name,
  },
  {
    name: 'a channel whose receiver answers 410 stays enabled',
    patches: [
      {
        file: SENDER,
        from: '  await disableChannel(tx,',
        to: '  void [disableChannel];\n  await ((..._: unknown[]) => Promise.resolve())(tx,',
      },
    ],
    faults: [],
    caughtBy: disabledHearNothing.name,
  },
  {
    name: 'disabled channels are told, too',
    patches: [
      {
        file: 'libs/persistence/src/notifications/notification-outbox.ts',
        from: 'ON c.user_id = m.user_id AND c.enabled',
        to: 'ON c.user_id = m.user_id',
      },
    ],
    faults: [],
    caughtBy: disabledHearNothing.name,
  },
];
