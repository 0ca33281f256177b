/** Why a target failed its check. `body`: the response does not contain `bodyContains`. */
export const FAILURE_REASONS = [
  'http_status',
  'timeout',
  'dns',
  'connect',
  'tls',
  'too_many_redirects',
  'bad_redirect',
  'protocol',
  'body',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/**
 * Why a check says nothing about its target: the address is forbidden, it was too late to probe,
 * our own side failed, or the monitor's settings changed after the dispatch.
 */
export const UNKNOWN_REASONS = ['blocked_target', 'expired', 'internal', 'superseded'] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

export type Reason = FailureReason | UnknownReason;
