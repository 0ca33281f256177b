import { expect, test } from '@jest/globals';
import type { CheckResult } from '@gomon/domain';
import { parseResultJob } from './result-job.ts';

const success: CheckResult = {
  monitorId: '0190b0a0-0000-7000-8000-000000000001',
  slot: 1_764_000_000,
  outcome: 'success',
  statusCode: 200,
  reason: null,
  durationMs: 12,
  checkedAt: 1_764_000_000_012,
};

test('accepts well-formed results', () => {
  const failure = { ...success, outcome: 'failure', reason: 'timeout', statusCode: null };
  const unknown = {
    ...success,
    outcome: 'unknown',
    reason: 'expired',
    statusCode: null,
    durationMs: null,
  };
  expect(parseResultJob({ results: [success, failure, unknown] })).toEqual({
    results: [success, failure, unknown],
    rejected: 0,
  });
});

test('refuses results of a location that it does not know, instead of taking them for those of the default one', () => {
  expect(parseResultJob({ location: 'default', results: [success] })).toEqual({
    results: [success],
    rejected: 0,
  });
  expect(parseResultJob({ location: 'eu-west', results: [success] })).toEqual({
    results: [],
    rejected: 1,
  });
});

test('accepts results with or without phases', () => {
  const results = [[0, 0, 0, 0], [1, 2, 3, 6], undefined].map((phases) => ({
    ...success,
    ...(phases && { phases }),
  }));
  expect(parseResultJob({ results })).toEqual({ results, rejected: 0 });
});

const refused = { ...success, outcome: 'failure', statusCode: null, reason: 'connect' } as const;

test('accepts results with a cause, with or without a detail', () => {
  const results = [
    { ...refused, cause: 'connection_refused' },
    {
      ...refused,
      reason: 'tls',
      cause: 'certificate_expired',
      causeDetail: 'expired 2026-11-03T12:00:00Z',
    },
  ];
  expect(parseResultJob({ results })).toEqual({ results, rejected: 0 });
});

test.each<[string, object]>([
  ['that only a newer prober knows', { cause: 'struck_by_lightning', causeDetail: 'at noon' }],
  ['of another reason', { cause: 'nxdomain' }],
  ['that is no word', { cause: 7, causeDetail: {} }],
  ['that is null', { cause: null, causeDetail: null }],
  ['that is missing below its detail', { causeDetail: 'at noon' }],
])('keeps a result and drops a cause %s', (_, fault) => {
  expect(parseResultJob({ results: [{ ...refused, ...fault }] })).toEqual({
    results: [refused],
    rejected: 0,
  });
  expect(parseResultJob({ results: [{ ...success, ...fault }] })).toEqual({
    results: [success],
    rejected: 0,
  });
});

test.each([['x'.repeat(201)], ['a\u0000b'], ['two\nlines'], ['\u202e'], [''], [7]])(
  'keeps a cause and drops the unprintable detail %j',
  (causeDetail) => {
    const result = { ...refused, cause: 'connection_refused' };
    expect(parseResultJob({ results: [{ ...result, causeDetail }] })).toEqual({
      results: [result],
      rejected: 0,
    });
  },
);

test.each<[string, object]>([
  ['an id that is no uuid', { monitorId: "1'; DROP TABLE checks" }],
  ['a slot that is no whole second', { slot: 1.5 }],
  ['a slot in another age', { slot: 1e15 }],
  ['an unknown outcome', { outcome: 'fine' }],
  ['a success with a reason', { reason: 'timeout' }],
  ['a failure without a reason', { outcome: 'failure' }],
  ['a failure for a reason that is our own', { outcome: 'failure', reason: 'internal' }],
  ['an unknown for a reason that blames the target', { outcome: 'unknown', reason: 'connect' }],
  ['a negative duration', { durationMs: -1 }],
  ['phases that took longer than the whole', { phases: [1, 2, 3, 7] }],
  [
    'phases of what was not probed',
    { outcome: 'unknown', reason: 'expired', durationMs: null, phases: [0, 0, 0, 0] },
  ],
  ['a negative phase', { phases: [-1, 2, 3, 4] }],
  ['a phase that is no whole number', { phases: [0.5, 2, 3, 4] }],
  ['a phase too few', { phases: [1, 2, 3] }],
  ['a phase too many', { phases: [1, 2, 3, 4, 0] }],
  ['phases by name', { phases: { dnsMs: 1 } }],
  ['no phases in a word', { phases: null }],
  ['more than was asked for', { banner: 'SSH-2.0' }],
])('rejects %s, and accepts the rest of its batch', (_, fault) => {
  expect(parseResultJob({ results: [success, { ...success, ...fault }] })).toEqual({
    results: [success],
    rejected: 1,
  });
});

test.each([[null], ['junk'], [{}], [{ results: {} }], [{ results: Array(501).fill(success) }]])(
  'counts %j as one rejected result',
  (data) => {
    expect(parseResultJob(data)).toEqual({ results: [], rejected: 1 });
  },
);
