import type { Cause, FailureReason, Reason } from '@gomon/domain';
import { BlockedTargetError } from '@gomon/egress';
import type { Phase } from './http-request-phases.ts';

/** What the target did wrong, where no library has an error for it. */
export class TargetFault extends Error {
  override readonly name = 'TargetFault';
  readonly reason: FailureReason;
  override readonly cause: Cause | undefined;

  constructor(reason: FailureReason, cause?: Cause) {
    super(reason);
    this.reason = reason;
    this.cause = cause;
  }
}

/**
 * Why a request got no answer, by the error and the phase that it came in. Whatever is not known to be the target's doing is
 * `internal`: our own.
 */
export function reasonOf(error: unknown, phase: Phase): Reason {
  const reasons = rootErrors(error).map((root) => reasonOfRoot(root, phase));
  return reasons.find((reason) => reason !== 'internal') ?? 'internal';
}

interface ErrorLike {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly errors?: unknown;
}

/** An attempt at several addresses fails with an error for each of them. */
function rootErrors(error: unknown): unknown[] {
  const { errors } = asErrorLike(error);
  return Array.isArray(errors) ? errors.flatMap(rootErrors) : [error];
}

function asErrorLike(error: unknown): ErrorLike {
  return typeof error === 'object' && error !== null ? error : {};
}

/** Out of descriptors, ports, memory or routes, or kept from connecting by our own machine. */
const OURS = new Set(
  'EMFILE ENFILE ENOBUFS ENOMEM EADDRNOTAVAIL EADDRINUSE ENETUNREACH ENETDOWN EACCES EPERM EAI_MEMORY EAI_SYSTEM'.split(' '),
);
const CONNECT = new Set('ECONNREFUSED ECONNRESET ECONNABORTED EHOSTUNREACH EHOSTDOWN EPIPE'.split(' '));
const TLS = /^(EPROTO$|ERR_SSL_|ERR_TLS_)/;

function reasonOfRoot(error: unknown, phase: Phase): Reason {
  if (error instanceof TargetFault) return error.reason;
  if (error instanceof BlockedTargetError) return 'blocked_target';
  const { code, syscall } = asErrorLike(error);
  if (typeof code !== 'string' || OURS.has(code)) return 'internal';
  if (syscall === 'getaddrinfo') return 'dns';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (phase === 'tls' || TLS.test(code)) return 'tls';
  if (code.startsWith('HPE_')) return 'protocol';
  return CONNECT.has(code) ? 'connect' : 'internal';
}
