import { expect, test } from '@jest/globals';
import type { Message } from '../receivers/receivers.ts';
import { storiesOf } from '../evidence/delivery-log.ts';
import { orderFaults, statusFaults } from './transitions-delivered.ts';

/** What came, in this order, as `id:transition`; with a `!` it was not taken. */
function hear(...lines: string[]) {
  const messages = lines.map((line): Message => {
    const [id = '', transition = ''] = line.replace('!', '').split(':');
    const data = { id, alert: { id: 'a' }, monitor: { id: 'm' } };
    const body = JSON.stringify({ type: `alert.${transition}`, data });
    return {
      at: 0,
      path: '/steady/0',
      id,
      body,
      isSigned: true,
      status: line.endsWith('!') ? 500 : 200,
    };
  });
  return storiesOf(messages);
}
const alert = (resolvedAt: number | null) => ({
  id: 'a',
  monitorId: 'm',
  openedAt: 1,
  resolvedAt,
  failures: 1,
  endedBy: null,
});
const outOfOrder = (...lines: string[]) => hear(...lines).flatMap(orderFaults).length > 0;

test('an opening that is taken, then an end, are in order', () => {
  expect(outOfOrder('1:opened', '2:resolved')).toBe(false);
  expect(outOfOrder('1:opened!', '1:opened', '2:resolved', '1:opened')).toBe(false);
  expect(outOfOrder('1:opened', '2:resolved', '3:opened', '4:resolved')).toBe(false);
});

test('an end without an opening, or before it was taken, is not', () => {
  expect(outOfOrder('1:resolved')).toBe(true);
  expect(outOfOrder('1:opened!', '2:resolved', '1:opened')).toBe(true);
  expect(outOfOrder('1:opened', '2:opened')).toBe(true);
});

test('who heard last how the alert stands knows enough', () => {
  expect(statusFaults([alert(null)], hear('1:opened'))).toEqual([]);
  expect(statusFaults([alert(2)], hear('1:opened', '2:resolved', '1:opened'))).toEqual([]);
  expect(statusFaults([], hear('1:opened', '2:resolved'))).toEqual([]);
});

test('who heard nothing, no end, or took none does not', () => {
  expect(statusFaults([alert(null)], [])).toHaveLength(1);
  expect(statusFaults([alert(2)], hear('1:opened'))).toHaveLength(1);
  expect(statusFaults([alert(2)], hear('1:opened', '2:resolved!'))).toHaveLength(1);
  expect(statusFaults([], hear('1:opened'))).toHaveLength(1);
});
