import { randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import { createTurnstile } from './turnstile.ts';

export interface Passwords {
  /** Throws `unavailable` when too many wait already; so does `matches`. */
  hash(password: string): Promise<string>;
  /** Takes as long for a user that does not exist (null) as for one that does. */
  matches(hash: string | null, password: string): Promise<boolean>;
}

/** The minimum that OWASP's Password Storage Cheat Sheet gives for Argon2id. */
const COST = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const ARGON2ID = /^\$argon2id\$v=\d+\$(?:[mtp]=\d+,?){3}\$[\w+/]+\$[\w+/]+$/;

/** Argon2id. Each hashing takes a core and a thread of the pool that DNS and files need too: only two run at once. */
export async function createPasswords(): Promise<Passwords> {
  const inTurn = createTurnstile({ places: 2, queue: 50 });
  const decoy = await argon2.hash(randomBytes(16), COST);
  return {
    hash: (password) => inTurn(() => argon2.hash(password, COST)),
    matches: async (hash, password) => {
      const known = hash !== null && ARGON2ID.test(hash);
      const matched = await inTurn(() => argon2.verify(known ? hash : decoy, password));
      return known && matched;
    },
  };
}
