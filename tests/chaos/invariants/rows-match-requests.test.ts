import { expect, test } from '@jest/globals';
import type { TargetRequest } from '../target/target-log.ts';
import type { Row } from '../evidence/evidence.ts';
import { withoutRequest } from './rows-match-requests.ts';

const row = (slot: number, statusCode: number | null, part: Partial<Row> = {}): Row => ({
  slot,
  checkedAt: slot + 0.5,
  outcome: statusCode === 200 ? 'success' : 'failure',
  reason: statusCode === 200 ? null : 'http_status',
  statusCode,
  ...part,
});
const request = (
  at: number,
  status: number | null,
  does: TargetRequest['does'] = 'answer',
): TargetRequest => ({
  path: '/up/1',
  at,
  until: at,
  does,
  status,
});

test('a row with its request is true', () => {
  expect(
    withoutRequest([row(100, 200), row(101, 500)], [request(100.1, 200), request(101.2, 500)]),
  ).toEqual([]);
});

test.each([
  ['never asked', []],
  ['otherwise answered', [request(100.1, 500)]],
  ['asked before the slot', [request(99.5, 200)]],
  ['asked after the verdict', [request(103, 200)]],
])('a row is not true when the target was %s', (_, requests) => {
  expect(withoutRequest([row(100, 200)], requests)).toEqual([row(100, 200)]);
});

test('a request proves one row only', () => {
  expect(withoutRequest([row(100, 200), row(101, 200)], [request(101.1, 200)])).toHaveLength(1);
});

test('each row gets a request when there is a way to give one to each', () => {
  const late = row(100, 200, { checkedAt: 104 });
  expect(withoutRequest([late, row(101, 200)], [request(101.1, 200), request(103, 200)])).toEqual(
    [],
  );
});

test('a timeout is a request that got no answer, a refusal one that was broken', () => {
  const timeout = row(100, null, { reason: 'timeout' });
  const refusal = row(100, null, { reason: 'connect' });
  expect(withoutRequest([timeout], [request(100.1, null, 'hang')])).toEqual([]);
  expect(withoutRequest([timeout], [request(100.1, 200)])).toEqual([timeout]);
  expect(withoutRequest([refusal], [request(100.1, null, 'break')])).toEqual([]);
  expect(withoutRequest([refusal], [request(100.1, null, 'hang')])).toEqual([refusal]);
});
