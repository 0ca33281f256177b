import { expect, test } from '@jest/globals';
import type { Reason } from '@gomon/domain';
import { BlockedTargetError } from './egress-guard.ts';
import { TargetFault, reasonOf } from './failure-reason.ts';

const withCode = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });
const wrapped = (cause: unknown, more: object = {}) =>
  Object.assign(new Error('request failed', { cause }), { code: 'ERR_X', ...more });
const handshake = { options: { url: new URL('https://target.example') }, timings: { connect: 1, secureConnect: undefined } };

test.each<[Reason, unknown]>([
  ['dns', withCode('ENOTFOUND', { syscall: 'getaddrinfo' })],
  ['dns', withCode('EAI_AGAIN', { syscall: 'getaddrinfo' })],
  ['dns', withCode('EAI_NODATA', { syscall: 'getaddrinfo' })],
  ['connect', withCode('ECONNREFUSED')],
  ['connect', withCode('ECONNRESET')],
  ['connect', withCode('EHOSTUNREACH')],
  ['timeout', withCode('ETIMEDOUT')],
  ['tls', withCode('ERR_TLS_CERT_ALTNAME_INVALID')],
  ['tls', withCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')],
  ['tls', wrapped(withCode('CERT_HAS_EXPIRED'), handshake)],
  ['tls', wrapped(withCode('UNSPECIFIED'), handshake)],
  ['tls', wrapped(withCode('ECONNRESET'), handshake)],
  ['protocol', withCode('HPE_INVALID_CONSTANT')],
  ['protocol', wrapped(withCode('HPE_HEADER_OVERFLOW'))],
  ['bad_redirect', wrapped(new TargetFault('bad_redirect'))],
  ['blocked_target', wrapped(new BlockedTargetError())],
])('says %s of %o', (reason, error) => {
  expect(reasonOf(error)).toBe(reason);
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
  expect(reasonOf(withCode(code))).toBe('internal');
  expect(reasonOf(wrapped(withCode(code)))).toBe('internal');
});

test('takes a resolver that ran out of something for our own fault', () => {
  expect(reasonOf(withCode('EAI_MEMORY', { syscall: 'getaddrinfo' }))).toBe('internal');
  expect(reasonOf(wrapped(withCode('EMFILE', { syscall: 'getaddrinfo' })))).toBe('internal');
});

test('takes what it does not know for our own fault', () => {
  for (const error of [new Error('x'), wrapped({}), 'x', null, undefined, {}]) expect(reasonOf(error)).toBe('internal');
});

test('looks into the attempts at several addresses', () => {
  const noRoute = withCode('ENETUNREACH');
  expect(reasonOf(wrapped(new AggregateError([noRoute, withCode('ECONNREFUSED')])))).toBe('connect');
  expect(reasonOf(wrapped(new AggregateError([noRoute, noRoute])))).toBe('internal');
});
