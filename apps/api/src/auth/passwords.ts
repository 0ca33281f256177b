import { randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import { createSemaphore, type Semaphore } from '../http/semaphore.ts';

export interface Passwords {
  /**
   * For all hashing and comparing: two at a time, 50 more wait, and others get `unavailable` before
   * any work.
   */
  readonly inTurn: Semaphore;
  hash(password: string): Promise<string>;
  /** Takes as long for an unknown user (null) as for a known one. A malformed hash matches nothing. */
  matches(hash: string | null, password: string): Promise<boolean>;
  /** Whether a matching hash has another cost than the current one. */
  isOutdated(hash: string): boolean;
}

/** The minimum of OWASP's Password Storage Cheat Sheet for Argon2id. */
const COST = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Argon2id. Each hash occupies a core, and a thread of the pool that DNS and files use, too. */
export async function createPasswords(): Promise<Passwords> {
  const decoy = await argon2.hash(randomBytes(16), COST);
  return {
    inTurn: createSemaphore({ places: 2, queue: 50 }),
    hash: (password) => argon2.hash(password, COST),
    matches: async (hash, password) => {
      const matched = await argon2.verify(hash ?? decoy, password).catch(() => false);
      return hash !== null && matched;
    },
    isOutdated: (hash) => argon2.needsRehash(hash, COST),
  };
}
