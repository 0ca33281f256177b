/** An account. */
export interface User {
  readonly id: string;
  /** As it was given; unique whatever its case. */
  readonly username: string;
  readonly createdAt: Date;
}

/** `read` lets a key ask, `write` lets it change things as well. */
export const API_KEY_SCOPES = ['read', 'write'] as const;

export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

/** What may be known of a key that stands in for its user. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** By which the owner recognizes it. */
  readonly prefix: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
}
