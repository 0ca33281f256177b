import { expect, test } from '@jest/globals';
import { isCauseOf, type Cause, type Reason } from '@gomon/domain';
import { BlockedTargetError } from '@gomon/egress';
import type { Phase } from './stopwatch.ts';
import { TargetFault, timedOut, whyOf } from './failure-reason.ts';

const withCode = (code: string, more: object = {}) =>
  Object.assign(new Error(code), { code, ...more });
const lookup = (code: string, more: object = {}) =>
  withCode(code, { syscall: 'getaddrinfo', hostname: 'a.test', ...more });
const read = { syscall: 'read' };

test.each<[Reason, Cause | null, unknown, Phase?]>([
  ['dns', 'nxdomain', lookup('ENOTFOUND')],
  ['dns', 'nxdomain', lookup('EINVAL', { hostname: `${'a'.repeat(64)}.test` })],
  ['dns', 'dns_no_address', lookup('EAI_NODATA')],
  ['dns', 'dns_servfail', lookup('EAI_AGAIN', { tookMs: 20 })],
  ['dns', 'dns_timeout', lookup('EAI_AGAIN', { tookMs: 5010 })],
  ['dns', 'dns_servfail', lookup('EAI_FAIL')],
  ['dns', null, lookup('EAI_SERVICE')],
  ['connect', 'connection_refused', withCode('ECONNREFUSED', { syscall: 'connect' })],
  ['connect', 'reset', withCode('ECONNRESET', read)],
  ['connect', 'connection_closed', withCode('ECONNRESET')],
  ['connect', 'unreachable', withCode('EHOSTUNREACH')],
  ['timeout', 'timeout_connect', withCode('ETIMEDOUT'), 'connect'],
  ['tls', 'wrong_host', withCode('ERR_TLS_CERT_ALTNAME_INVALID')],
  ['tls', 'client_certificate_wanted', withCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')],
  ['tls', 'certificate_expired', withCode('CERT_HAS_EXPIRED'), 'tls'],
  ['tls', 'tls_version', withCode('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'), 'tls'],
  ['tls', 'http2_only', withCode('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'), 'tls'],
  ['tls', 'tls_handshake', withCode('UNSPECIFIED'), 'tls'],
  ['tls', 'reset', withCode('ECONNRESET', read), 'tls'],
  ['tls', 'connection_closed', withCode('ECONNRESET'), 'tls'],
  ['bad_redirect', null, new TargetFault('bad_redirect')],
  ['protocol', 'too_many_interim_answers', new TargetFault('protocol', 'too_many_interim_answers')],
  ['blocked_target', 'blocked_address', new BlockedTargetError()],
  ['blocked_target', 'blocked_port', new BlockedTargetError('port')],
])('reports %s with cause %s for %o', (reason, cause, error, phase = 'other') => {
  expect(whyOf(error, phase)).toMatchObject({ reason, cause });
  if (cause) expect(isCauseOf(cause, reason)).toBe(true);
});

test.each<[Phase, Cause]>([
  ['dns', 'timeout_dns'],
  ['connect', 'timeout_connect'],
  ['tls', 'timeout_tls'],
  ['firstByte', 'timeout_first_byte'],
  ['other', 'timeout_body'],
])('reports a timeout in the phase %s as %s', (phase, cause) => {
  expect(timedOut(phase)).toEqual({ reason: 'timeout', cause, causeDetail: null });
});

test.each<[string, Cause | null]>([
  ['EMFILE', 'no_descriptors'],
  ['ENFILE', 'no_descriptors'],
  ['ENOBUFS', 'no_memory'],
  ['ENOMEM', 'no_memory'],
  ['EADDRNOTAVAIL', 'no_ports'],
  ['ENETUNREACH', 'no_route'],
  ['EACCES', 'not_permitted'],
  ['ERR_INVALID_CHAR', null],
  ['ERR_OUT_OF_RANGE', null],
])('counts %s as our own fault, in any phase', (code, cause) => {
  expect(whyOf(withCode(code), 'connect')).toMatchObject({ reason: 'internal', cause });
  expect(whyOf(withCode(code), 'other')).toMatchObject({ reason: 'internal', cause });
});

test.each<[string, Cause]>([
  ['EAI_MEMORY', 'no_memory'],
  ['EMFILE', 'no_descriptors'],
  ['EAI_SYSTEM', 'resolver_failed'],
  ['EINVAL', 'resolver_failed'],
  ['EBUSY', 'resolver_failed'],
])('counts a resolver that fails with %s as our own fault', (code, cause) => {
  expect(whyOf(lookup(code), 'dns')).toMatchObject({ reason: 'internal', cause });
});

test('counts an unknown error as our own fault', () => {
  for (const error of [new Error('x'), withCode('ERR_X'), 'x', null, undefined, {}])
    expect(whyOf(error, 'other')).toEqual({ reason: 'internal', cause: null, causeDetail: null });
});

test('looks at each attempt when a name has several addresses', () => {
  const noRoute = withCode('ENETUNREACH');
  const mixed = new AggregateError([noRoute, withCode('ECONNREFUSED')]);
  expect(whyOf(mixed, 'connect')).toMatchObject({ reason: 'connect', cause: 'connection_refused' });
  expect(whyOf(new AggregateError([noRoute, noRoute]), 'connect')).toMatchObject({
    reason: 'internal',
    cause: 'no_route',
  });
});
