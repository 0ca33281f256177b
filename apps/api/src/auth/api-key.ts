import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/** A user's key on the wire: `gomon_<8>_<43>`, which secret scanners can find. */
const KEY = /^(gomon_[0-9A-Za-z]{8})_[0-9A-Za-z]{43}$/;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The stored part of a key. Its 256 random bits need no slow hash. */
export interface StoredKey {
  readonly prefix: string;
  readonly keyHash: Uint8Array<ArrayBuffer>;
}

/** A new key, and what to store of it. */
export function generateApiKey(): StoredKey & { secret: string } {
  const prefix = `gomon_${randomText(8)}`;
  const secret = `${prefix}_${randomText(43)}`;
  return { secret, prefix, keyHash: hash(secret) };
}

/** Null for what is not a key. */
export function readApiKey(text: string): StoredKey | null {
  const [, prefix] = KEY.exec(text) ?? [];
  if (prefix === undefined) return null;
  return { prefix, keyHash: hash(text) };
}

export function sameKey(stored: Uint8Array, given: Uint8Array): boolean {
  return stored.length === given.length && timingSafeEqual(stored, given);
}

function hash(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(key).digest());
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
