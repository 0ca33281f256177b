import { expect, test } from '@jest/globals';
import type { Reason } from '@gomon/domain';
import { BlockedTargetError } from '@gomon/egress';
import type { Phase } from './http-request-phases.ts';
import { TargetFault, reasonOf } from './failure-reason.ts';

const withCode = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

test.each<[Reason, unknown, Phase?]>([
  ['dns', withCode('ENOTFOUND', { syscall: 'getaddrinfo' })],
  ['dns', withCode('EAI_AGAIN', { syscall: 'getaddrinfo' })],
  ['dns', withCode('EAI_NODATA', { syscall: 'getaddrinfo' })],
  ['connect', withCode('ECONNREFUSED')],
  ['connect', withCode('ECONNRESET')],
  ['connect', withCode('EHOSTUNREACH')],
  ['timeout', withCode('ETIMEDOUT')],
  ['tls', withCode('ERR_TLS_CERT_ALTNAME_INVALID')],
  ['tls', withCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')],
  ['tls', withCode('CERT_HAS_EXPIRED'), 'tls'],
  ['tls', withCode('UNSPECIFIED'), 'tls'],
  ['tls', withCode('ECONNRESET'), 'tls'],
  ['protocol', withCode('HPE_INVALID_CONSTANT')],
  ['protocol', withCode('HPE_HEADER_OVERFLOW')],
  ['bad_redirect', new TargetFault('bad_redirect')],
  ['blocked_target', new BlockedTargetError()],
])('says %s of %o', (reason, error, phase = 'other') => {
  expect(reasonOf(error, phase)).toBe(reason);
});

test.each([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'ENETUNREACH',
  'EACCES',
  'ERR_INVALID_CHAR',
  'ERR_OUT_OF_RANGE',
])('takes %s for our own fault, at any stage', (code) => {
  expect(reasonOf(withCode(code), 'connect')).toBe('internal');
  expect(reasonOf(withCode(code), 'other')).toBe('internal');
});

test('takes a resolver that ran out of something for our own fault', () => {
  expect(reasonOf(withCode('EAI_MEMORY', { syscall: 'getaddrinfo' }), 'dns')).toBe('internal');
  expect(reasonOf(withCode('EMFILE', { syscall: 'getaddrinfo' }), 'dns')).toBe('internal');
});

test('takes what it does not know for our own fault', () => {
  for (const error of [new Error('x'), withCode('ERR_X'), 'x', null, undefined, {}])
    expect(reasonOf(error, 'other')).toBe('internal');
});

test('looks into the attempts at several addresses', () => {
  const noRoute = withCode('ENETUNREACH');
  expect(reasonOf(new AggregateError([noRoute, withCode('ECONNREFUSED')]), 'connect')).toBe('connect');
  expect(reasonOf(new AggregateError([noRoute, noRoute]), 'connect')).toBe('internal');
});
