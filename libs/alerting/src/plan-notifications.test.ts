import { expect, test } from '@jest/globals';
import { planNotifications, type AlertOfChannel, type LastTold } from './plan-notifications.ts';

const plan = (given: Partial<AlertOfChannel>) =>
  planNotifications({ standing: 'open', isAttached: true, isMaintained: false, last: null, ...given });
const told = (transition: LastTold['transition'], given: Partial<LastTold> = {}): LastTold => ({
  id: 'n',
  transition,
  wasAttempted: true,
  isHeld: false,
  ...given,
});

test('tells of an opening, and of the end to whom was told of the opening', () => {
  expect(plan({})).toEqual({ add: ['opened'], dropLast: false });
  expect(plan({ standing: 'resolved', last: told('opened') })).toEqual({ add: ['resolved'], dropLast: false });
  expect(plan({ standing: 'resolved', last: told('opened'), isAttached: false }).add).toEqual(['resolved']);
});

test('tells nothing twice', () => {
  expect(plan({ last: told('opened') }).add).toEqual([]);
  expect(plan({ standing: 'resolved', last: told('resolved') }).add).toEqual([]);
});

test('tells of both when an alert is found opened and resolved at once', () => {
  expect(plan({ standing: 'resolved' }).add).toEqual(['opened', 'resolved']);
});

test('tells of an opening that was not sent yet as well when its alert resolves', () => {
  expect(plan({ standing: 'resolved', last: told('opened', { wasAttempted: false }) })).toEqual({
    add: ['resolved'],
    dropLast: false,
  });
});

test('tells nobody of what began and ended within a maintenance window', () => {
  expect(plan({ standing: 'resolved', last: told('opened', { wasAttempted: false, isHeld: true }) })).toEqual({
    add: [],
    dropLast: true,
  });
  expect(plan({ standing: 'resolved', isMaintained: true }).add).toEqual([]);
});

test('takes back what late results have undone, or ends it where it was told', () => {
  expect(plan({ standing: 'gone', last: told('opened', { wasAttempted: false }) })).toEqual({ add: [], dropLast: true });
  expect(plan({ standing: 'gone', last: told('opened') })).toEqual({ add: ['resolved'], dropLast: false });
  expect(plan({ standing: 'gone' }).add).toEqual([]);
});

test('tells of an alert that is open again after its end was told', () => {
  expect(plan({ last: told('resolved') })).toEqual({ add: ['opened'], dropLast: false });
  expect(plan({ last: told('resolved', { wasAttempted: false }) })).toEqual({ add: [], dropLast: true });
});

test('tells nobody who is not attached', () => {
  expect(plan({ isAttached: false }).add).toEqual([]);
  expect(plan({ isAttached: false, standing: 'resolved' }).add).toEqual([]);
});
