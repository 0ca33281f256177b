import type { DomainErrorCode } from '@gomon/domain';

/** Every way in which a request can fail, with the status and title of the answer. */
export const PROBLEMS = {
  validation_failed: { status: 400, title: 'The request is not valid' },
  malformed_request: { status: 400, title: 'The request cannot be read' },
  unauthorized: { status: 401, title: 'Authentication required' },
  invalid_credentials: { status: 401, title: 'Wrong username or password' },
  wrong_password: { status: 403, title: 'Wrong password' },
  insufficient_scope: { status: 403, title: 'The API key may not do this' },
  api_key_limit_reached: { status: 403, title: 'Too many API keys' },
  channel_limit_reached: { status: 403, title: 'Too many channels' },
  maintenance_window_limit_reached: { status: 403, title: 'Too many maintenance windows' },
  status_page_limit_reached: { status: 403, title: 'Too many status pages' },
  status_message_limit_reached: { status: 403, title: 'Too many messages on this page' },
  stream_limit_reached: { status: 403, title: 'Too many event streams' },
  monitor_limit_reached: { status: 403, title: 'Too many monitors' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This path has no such method' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  username_taken: { status: 409, title: 'The username is taken' },
  channel_name_taken: { status: 409, title: 'The channel name is taken' },
  channel_disabled: { status: 409, title: 'The channel is disabled' },
  wrong_code: { status: 409, title: 'Wrong or expired code' },
  monitor_name_taken: { status: 409, title: 'The monitor name is taken' },
  slug_taken: { status: 409, title: 'The slug is taken' },
  monitor_paused: { status: 409, title: 'The monitor is paused' },
  version_mismatch: { status: 412, title: 'The resource has changed' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is not JSON' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was already used' },
  idempotency_limit_reached: { status: 429, title: 'Too many Idempotency-Keys' },
  confirmation_limit_reached: { status: 429, title: 'Too many emails' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The header fields are too large' },
  internal_error: { status: 500, title: 'Something went wrong' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const satisfies Record<string, { status: number; title: string }> &
  Record<DomainErrorCode, unknown>;

export type ProblemCode = keyof typeof PROBLEMS;

export const FAULT_CODES = ['target_not_allowed', 'threshold_unreachable'] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** One fault of a request. */
export interface Fault {
  /** A JSON pointer into the body, or `/` and the name of a query key or header field. */
  readonly pointer: string;
  readonly message: string;
  /** Where programs may need to distinguish it from other faults. */
  readonly code?: FaultCode;
  /** With `threshold_unreachable`: the largest threshold that failures can exceed. */
  readonly largest?: number;
}

/** A request that cannot be fulfilled, for a reason that the caller may know. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly faults: readonly Fault[];
  /** When a retry may succeed; null where waiting does not help. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ProblemCode,
    detail: string,
    faults: readonly Fault[] = [],
    retryAfterSeconds: number | null = null,
  ) {
    super(detail);
    this.code = code;
    this.faults = faults;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function rateLimited(detail: string, retryAfterSeconds: number): Problem {
  return new Problem('rate_limited', detail, [], retryAfterSeconds);
}

/** More faults at once help nobody. */
export const MAX_FAULTS = 20;

/** At least one fault; only the first are listed. */
export function invalid(all: readonly Fault[]): Problem {
  const faults = all.slice(0, MAX_FAULTS);
  const [{ pointer, message } = { pointer: '', message: '' }] = faults;
  const others = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
  return new Problem(
    'validation_failed',
    `${pointer || 'The request'} ${message}${others}.`,
    faults,
  );
}

/** One message for everything absent, so that others' resources cannot be told from missing ones. */
export function notFound(): Problem {
  return new Problem('not_found', 'No such resource.');
}

export function found<Value>(value: Value | null): Value {
  if (value === null) throw notFound();
  return value;
}

/** A property's name as one step of a JSON pointer: RFC 6901. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
