/** An account. */
export interface User {
  readonly id: string;
  /** As entered; unique regardless of case. */
  readonly username: string;
  readonly createdAt: Date;
}

/** `read` lets a key read; `write` also lets it change things. */
export const API_KEY_SCOPES = ['read', 'write'] as const;

export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

/** The public part of an API key. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** The prefix by which the owner recognizes it. */
  readonly prefix: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
}

/**
 * Who owns monitors, channels, maintenance windows and status pages. For now each user owns theirs, so this is the id of a user; the
 * people who may act for an owner are decided where a request is authenticated, and nowhere else. The
 * columns keep their name, user_id, on which operators' own SQL relies.
 */
export type OwnerId = string;
