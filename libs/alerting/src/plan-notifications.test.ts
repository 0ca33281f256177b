import { describe, expect, test } from '@jest/globals';
import { planNotifications, type AlertOfRecipient, type LastTold } from './plan-notifications.ts';

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
const told = (transition: LastTold['transition'], given: Partial<LastTold> = {}): LastTold => ({
  id: 'n',
  transition,
  wasAttempted: true,
  isHeld: false,
  ...given,
});
const nothing = { add: [], dropLast: false, isTakenBack: false };
const drop = { ...nothing, dropLast: true };

test('tells of an opening, and of the end to those who heard of the opening', () => {
  expect(plan({})).toEqual({ ...nothing, add: ['opened'] });
  expect(plan({ status: 'resolved', last: told('opened') })).toEqual({ ...nothing, add: ['resolved'] });
  expect(plan({ status: 'resolved', last: told('opened'), isAttached: false }).add).toEqual(['resolved']);
});

test('tells nothing twice', () => {
  expect(plan({ last: told('opened') })).toEqual(nothing);
  expect(plan({ status: 'resolved', last: told('resolved') })).toEqual(nothing);
});

test('tells of both when an alert is found opened and resolved at once', () => {
  expect(plan({ status: 'resolved' }).add).toEqual(['opened', 'resolved']);
});

test('tells a recipient that came later neither of the opening nor of the end, whatever late results change', () => {
  for (const status of ['open', 'resolved', 'gone'] as const) {
    expect(plan({ status, heardOpening: false })).toEqual(nothing);
    expect(plan({ status, heardOpening: false, isMaintained: true })).toEqual(nothing);
  }
});

test('tells of an opening that was not sent yet as well when its alert resolves', () => {
  expect(plan({ status: 'resolved', last: told('opened', { wasAttempted: false }) })).toEqual({
    ...nothing,
    add: ['resolved'],
  });
});

test('tells nobody of what began and ended within a maintenance window, and keeps who would have heard of it', () => {
  expect(plan({ status: 'resolved', last: told('opened', { wasAttempted: false, isHeld: true }) })).toEqual(drop);
  expect(plan({ status: 'resolved', isMaintained: true })).toEqual({ ...nothing, add: ['opened'], isTakenBack: true });
});

test('takes back what late results have undone, or ends it where it was told', () => {
  expect(plan({ status: 'gone', last: told('opened', { wasAttempted: false }) })).toEqual(drop);
  expect(plan({ status: 'gone', last: told('opened') })).toEqual({ ...nothing, add: ['resolved'] });
  expect(plan({ status: 'gone' })).toEqual(nothing);
});

test('tells of an alert that is open again after its end was told', () => {
  expect(plan({ last: told('resolved') })).toEqual({ ...nothing, add: ['opened'] });
  expect(plan({ last: told('resolved', { wasAttempted: false }) })).toEqual(drop);
});

test('tells nobody who is not attached', () => {
  expect(plan({ isAttached: false })).toEqual(nothing);
  expect(plan({ isAttached: false, status: 'resolved' })).toEqual(nothing);
});

describe('a channel that its owner has disabled', () => {
  test('hears the end of what it may have heard the beginning of', () => {
    expect(plan({ state: 'disabled', status: 'resolved', last: told('opened') }).add).toEqual(['resolved']);
    expect(plan({ state: 'disabled', status: 'gone', last: told('opened') }).add).toEqual(['resolved']);
  });

  test('hears nothing else', () => {
    expect(plan({ state: 'disabled' })).toEqual(nothing);
    expect(plan({ state: 'disabled', last: told('resolved') })).toEqual(nothing);
    expect(plan({ state: 'disabled', status: 'resolved', last: told('opened', { wasAttempted: false }) })).toEqual(nothing);
  });
});

test('a channel whose receiver wants no more hears no end either', () => {
  expect(plan({ state: 'silent', status: 'resolved', last: told('opened') })).toEqual(nothing);
});
