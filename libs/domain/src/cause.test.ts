import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CAUSES,
  describeCause,
  isCauseDetail,
  isCauseOf,
  toCauseDetail,
  type Cause,
} from './cause.ts';
import { FAILURE_REASONS, UNKNOWN_REASONS, type Reason } from './reason.ts';

const REASONS: readonly Reason[] = [...FAILURE_REASONS, ...UNKNOWN_REASONS];

test('each cause belongs to a reason, and each reason has words', () => {
  for (const cause of CAUSES)
    expect(REASONS.filter((reason) => isCauseOf(cause, reason))).not.toEqual([]);
  for (const reason of REASONS) expect(describeCause(reason, null, null, null)).toMatch(/^\w.*\w$/);
});

test('a cause at the target never belongs to a reason on our side', () => {
  for (const cause of CAUSES) {
    const ours = UNKNOWN_REASONS.some((reason) => isCauseOf(cause, reason));
    expect(ours && FAILURE_REASONS.some((reason) => isCauseOf(cause, reason))).toBe(false);
  }
});

test.each([['toString'], ['constructor'], [''], [7], [null], [undefined], [{}]])(
  '%j is not a cause',
  (cause) => {
    for (const reason of REASONS) expect(isCauseOf(cause, reason)).toBe(false);
  },
);

test.each<[string, Reason, Cause | null, string | null, number | null]>([
  [
    'certificate expired on 3 November 2026',
    'tls',
    'certificate_expired',
    'expired 2026-11-03T12:00:00Z',
    null,
  ],
  ['certificate expired', 'tls', 'certificate_expired', null, null],
  [
    'certificate not yet valid, only from 1 January 2027 on',
    'tls',
    'certificate_not_yet_valid',
    'valid from 2027-01-01T00:00:00Z',
    null,
  ],
  [
    'certificate for another name (valid for a.test, b.test)',
    'tls',
    'wrong_host',
    'valid for a.test, b.test',
    null,
  ],
  [
    'status 503, expected 200-299',
    'http_status',
    'unexpected_status',
    'expected 200-299, got 503',
    503,
  ],
  ['status 503', 'http_status', null, null, 503],
  ['connection refused', 'connect', 'connection_refused', null, null],
  ['no connection', 'connect', null, null, null],
])('says "%s"', (words, reason, cause, detail, statusCode) => {
  expect(describeCause(reason, cause, detail, statusCode)).toBe(words);
});

test('any text from a target becomes a short printable detail, or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      const detail = toCauseDetail(text);
      expect(detail === null || isCauseDetail(detail)).toBe(true);
    }),
  );
  expect(toCauseDetail('a\u0000b\u202ec\r\nd')).toBe('abcd');
  expect(toCauseDetail('x'.repeat(300))).toBe(`${'x'.repeat(199)}…`);
});
