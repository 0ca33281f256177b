import { describe, expect, test } from '@jest/globals';
import {
  planNotifications,
  type AlertOfRecipient,
  type LastNotification,
} from './plan-notifications.ts';

const plan = (given: Partial<AlertOfRecipient>) =>
  planNotifications({
    status: 'open',
    isAttached: true,
    state: 'enabled',
    heardOpening: true,
    isMaintained: false,
    last: null,
    ...given,
  });
const told = (
  transition: LastNotification['transition'],
  given: Partial<LastNotification> = {},
): LastNotification => ({
  id: 'n',
  transition,
  wasAttempted: true,
  isHeld: false,
  ...given,
});
const nothing = { add: [], dropLast: false, isTakenBack: false };
const drop = { ...nothing, dropLast: true };

test('notifies of an opening, and of the end to recipients of the opening', () => {
  expect(plan({})).toEqual({ ...nothing, add: ['opened'] });
  expect(plan({ status: 'resolved', last: told('opened') })).toEqual({
    ...nothing,
    add: ['resolved'],
  });
  expect(plan({ status: 'resolved', last: told('opened'), isAttached: false }).add).toEqual([
    'resolved',
  ]);
});

test('notifies of nothing twice', () => {
  expect(plan({ last: told('opened') })).toEqual(nothing);
  expect(plan({ status: 'resolved', last: told('resolved') })).toEqual(nothing);
});

test('notifies of both when an alert opens and resolves at once', () => {
  expect(plan({ status: 'resolved' }).add).toEqual(['opened', 'resolved']);
});

test('notifies a recipient that was added later of neither opening nor end, whatever late results change', () => {
  for (const status of ['open', 'resolved', 'gone'] as const) {
    expect(plan({ status, heardOpening: false })).toEqual(nothing);
    expect(plan({ status, heardOpening: false, isMaintained: true })).toEqual(nothing);
  }
});

test('still notifies of an unsent opening when its alert resolves', () => {
  expect(plan({ status: 'resolved', last: told('opened', { wasAttempted: false }) })).toEqual({
    ...nothing,
    add: ['resolved'],
  });
});

test('notifies nobody of an alert within a maintenance window, and remembers its recipients', () => {
  expect(
    plan({ status: 'resolved', last: told('opened', { wasAttempted: false, isHeld: true }) }),
  ).toEqual(drop);
  expect(plan({ status: 'resolved', isMaintained: true })).toEqual({
    ...nothing,
    add: ['opened'],
    isTakenBack: true,
  });
});

test('withdraws an alert that late results undo, or ends it where it was notified', () => {
  expect(plan({ status: 'gone', last: told('opened', { wasAttempted: false }) })).toEqual(drop);
  expect(plan({ status: 'gone', last: told('opened') })).toEqual({ ...nothing, add: ['resolved'] });
  expect(plan({ status: 'gone' })).toEqual(nothing);
});

test('notifies again when an alert reopens after its end was notified', () => {
  expect(plan({ last: told('resolved') })).toEqual({ ...nothing, add: ['opened'] });
  expect(plan({ last: told('resolved', { wasAttempted: false }) })).toEqual(drop);
});

test('notifies no recipient that is not attached', () => {
  expect(plan({ isAttached: false })).toEqual(nothing);
  expect(plan({ isAttached: false, status: 'resolved' })).toEqual(nothing);
});

describe('a channel that its owner disabled', () => {
  test('gets the end of an alert whose opening it may have got', () => {
    expect(plan({ state: 'disabled', status: 'resolved', last: told('opened') }).add).toEqual([
      'resolved',
    ]);
    expect(plan({ state: 'disabled', status: 'gone', last: told('opened') }).add).toEqual([
      'resolved',
    ]);
  });

  test('gets nothing else', () => {
    expect(plan({ state: 'disabled' })).toEqual(nothing);
    expect(plan({ state: 'disabled', last: told('resolved') })).toEqual(nothing);
    expect(
      plan({
        state: 'disabled',
        status: 'resolved',
        last: told('opened', { wasAttempted: false }),
      }),
    ).toEqual(nothing);
  });
});

test('a channel that its receiver ended gets no end either', () => {
  expect(plan({ state: 'silent', status: 'resolved', last: told('opened') })).toEqual(nothing);
});
