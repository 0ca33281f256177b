export type DomainErrorCode =
  | 'username_taken'
  | 'monitor_name_taken'
  | 'monitor_limit_reached'
  | 'api_key_limit_reached'
  | 'channel_name_taken'
  | 'channel_limit_reached'
  | 'channel_disabled'
  | 'confirmation_limit_reached'
  | 'idempotency_limit_reached'
  | 'wrong_code'
  | 'maintenance_window_limit_reached'
  | 'monitor_paused'
  | 'status_page_limit_reached'
  | 'status_message_limit_reached'
  | 'slug_taken'
  | 'version_mismatch'
  | 'invalid_credentials'
  | 'wrong_password';

/** A request that cannot be fulfilled, for a reason that the caller can act on. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: DomainErrorCode;
  /** When a retry may succeed; null where waiting does not help. */
  readonly retryAfterSeconds: number | null;

  constructor(code: DomainErrorCode, message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
