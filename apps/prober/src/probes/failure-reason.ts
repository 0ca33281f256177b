import type { Cause, FailureReason, Reason } from '@gomon/domain';
import { BlockedTargetError } from '@gomon/egress';
import { lacksDescriptors } from '../descriptors.ts';
import type { Phase } from './stopwatch.ts';
import { causeOfTls } from './tls-cause.ts';

/** A fault of the target for which no library has an error. */
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

export interface Why {
  readonly reason: Reason;
  readonly cause: Cause | null;
  readonly causeDetail: string | null;
}

/**
 * Why a request got no answer, from the error and the phase in which it occurred. Anything not
 * known to be the target's fault is `internal`: ours.
 */
export function whyOf(error: unknown, phase: Phase): Why {
  const whys = rootErrors(error).map((root) => whyOfRoot(root, phase));
  return whys.find(({ reason }) => reason !== 'internal') ?? whys[0] ?? why('internal');
}

/** The cause of a timeout in this phase. */
export function timedOut(phase: Phase): Why {
  return why('timeout', TIMEOUTS[phase]);
}

const TIMEOUTS = {
  dns: 'timeout_dns',
  connect: 'timeout_connect',
  tls: 'timeout_tls',
  firstByte: 'timeout_first_byte',
  other: 'timeout_body',
} as const satisfies Record<Phase, Cause>;

const why = (
  reason: Reason,
  cause: Cause | null = null,
  causeDetail: string | null = null,
): Why => ({
  reason,
  cause,
  causeDetail,
});

interface ErrorLike {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly errors?: unknown;
  /** How long the lookup of this name took. */
  readonly tookMs?: unknown;
  readonly hostname?: unknown;
}

/** An attempt at several addresses fails with one error per address. */
function rootErrors(error: unknown): unknown[] {
  const { errors } = asErrorLike(error);
  return Array.isArray(errors) ? errors.flatMap(rootErrors) : [error];
}

function asErrorLike(error: unknown): ErrorLike {
  return typeof error === 'object' && error !== null ? error : {};
}

/** Out of descriptors, ports, memory or routes, or refused by our own machine. */
const OURS: ReadonlyMap<string, Cause> = new Map([
  ['EMFILE', 'no_descriptors'],
  ['ENFILE', 'no_descriptors'],
  ['ENOBUFS', 'no_memory'],
  ['ENOMEM', 'no_memory'],
  ['EAI_MEMORY', 'no_memory'],
  ['EADDRNOTAVAIL', 'no_ports'],
  ['EADDRINUSE', 'no_ports'],
  ['ENETUNREACH', 'no_route'],
  ['ENETDOWN', 'no_route'],
  ['EACCES', 'not_permitted'],
  ['EPERM', 'not_permitted'],
]);
const CONNECT: ReadonlyMap<string, Cause> = new Map([
  ['ECONNREFUSED', 'connection_refused'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
  ['EHOSTUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
]);
const TLS = /^(EPROTO$|ERR_SSL_|ERR_TLS_)/;

function whyOfRoot(error: unknown, phase: Phase): Why {
  if (error instanceof TargetFault) return why(error.reason, error.cause);
  if (error instanceof BlockedTargetError) {
    return why('blocked_target', error.what === 'port' ? 'blocked_port' : 'blocked_address');
  }
  const { code, syscall } = asErrorLike(error);
  if (typeof code !== 'string') return why('internal');
  if (syscall === 'getaddrinfo') return whyOfLookup(error, code);
  const ours = OURS.get(code);
  if (ours) return why('internal', ours);
  if (code === 'ETIMEDOUT') return timedOut(phase);
  // Node also uses this code, without a system call, when the other side closes the connection in
  // good order.
  const broken =
    code === 'ECONNRESET' && syscall === undefined ? 'connection_closed' : CONNECT.get(code);
  if (phase === 'tls' || TLS.test(code))
    return { reason: 'tls', ...(broken ? why('tls', broken) : causeOfTls(error, code)) };
  return broken ? why('connect', broken) : why('internal');
}

const LOOKUPS: ReadonlyMap<string, Cause> = new Map([
  ['ENOTFOUND', 'nxdomain'],
  ['EAI_NODATA', 'dns_no_address'],
  ['ENODATA', 'dns_no_address'],
  ['EAI_ADDRFAMILY', 'dns_no_address'],
  ['EAI_AGAIN', 'dns_servfail'],
  ['EAI_FAIL', 'dns_servfail'],
]);
/**
 * The resolver has one code for failing and for silent servers; it waits for silent ones for at
 * least 5 s.
 */
const RESOLVER_PATIENCE_MS = 4500;
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

/**
 * Without free descriptors the resolver can read neither its files nor an answer, and may report
 * anything, even that a name does not exist.
 */
function whyOfLookup(error: unknown, code: string): Why {
  const { tookMs, hostname } = asErrorLike(error);
  const ours = lacksDescriptors() ? 'no_descriptors' : OURS.get(code);
  if (ours) return why('internal', ours);
  if (code === 'EAI_AGAIN' && Number(tookMs) >= RESOLVER_PATIENCE_MS)
    return why('dns', 'dns_timeout');
  const cause = LOOKUPS.get(code);
  if (cause) return why('dns', cause);
  if (code === 'EINVAL' && typeof hostname === 'string' && isTooLong(hostname))
    return why('dns', 'nxdomain');
  return code.startsWith('EAI_') && code !== 'EAI_SYSTEM'
    ? why('dns')
    : why('internal', 'resolver_failed');
}

const isTooLong = (name: string) =>
  name.length > LONGEST_NAME || name.split('.').some((label) => label.length > LONGEST_LABEL);
