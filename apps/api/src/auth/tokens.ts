import { createHash } from 'node:crypto';
import jwt, { type JWT } from '@fastify/jwt';
import type { Session } from '@gomon/persistence';
import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import { isUuid } from '../http/uuid.ts';

/** A token's content: its session. */
export interface TokenSubject {
  readonly userId: string;
  readonly sessionId: string;
}

export interface Tokens {
  sign(userId: string, session: Session): string;
  /** Null for anything but a valid token of ours; whether its session exists is checked separately. */
  read(token: string): TokenSubject | null;
}

interface Claims {
  readonly sub: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
}

const ISSUER = 'gomon';
const CLOCK_TOLERANCE_SECONDS = 5;
/**
 * The most tokens remembered as verified, most recently used; they are not verified again while
 * valid.
 */
const VERIFIED_TOKENS = 1000;

interface Verified {
  readonly subject: TokenSubject;
  /** In milliseconds since the epoch. */
  readonly holdsUntil: number;
}

/**
 * JSON Web Tokens with HMAC-SHA-256: signed with `secret`; `previous` verifies, too, unless empty.
 * The header's `kid` names the secret; `jti` is the session.
 */
export async function createTokens(
  app: FastifyInstance,
  { secret, previous }: TokenSecrets,
): Promise<Tokens> {
  const signer = await addKey(app, secret);
  const keys = new Map<unknown, JWT>([[keyIdOf(secret), signer]]);
  if (previous !== '' && previous !== secret)
    keys.set(keyIdOf(previous), await addKey(app, previous));
  const verified = new LRUCache<string, Verified>({ max: VERIFIED_TOKENS });
  return {
    sign: (userId, { id, expiresAt }) =>
      signer.sign({ sub: userId, jti: id, exp: Math.floor(expiresAt.getTime() / 1000) }),
    read: (token) => {
      const known = verified.get(token);
      if (known && Date.now() <= known.holdsUntil) return known.subject;
      const found = verify(token, signer, keys);
      if (found) verified.set(token, found);
      return found?.subject ?? null;
    },
  };
}

export interface TokenSecrets {
  readonly secret: string;
  readonly previous: string;
}

/** Reveals nothing about the secret beyond what a signature does. */
function keyIdOf(secret: string): string {
  return createHash('sha256').update(`token key ${secret}`).digest('base64url').slice(0, 8);
}

async function addKey(app: FastifyInstance, secret: string): Promise<JWT> {
  const kid = keyIdOf(secret);
  await app.register(jwt, {
    namespace: kid,
    secret,
    decode: { complete: true },
    sign: { algorithm: 'HS256', iss: ISSUER, aud: ISSUER, kid },
    verify: {
      algorithms: ['HS256'],
      allowedIss: ISSUER,
      allowedAud: ISSUER,
      checkTyp: 'jwt',
      requiredClaims: ['sub', 'jti', 'iss', 'aud', 'iat', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS * 1000,
    },
  });
  return (app.jwt as unknown as Record<string, JWT>)[kid] as JWT;
}

function verify(token: string, decoder: JWT, keys: ReadonlyMap<unknown, JWT>): Verified | null {
  const claims = readClaims(token, decoder, keys);
  if (!claims || !isUuid(claims.sub) || !isUuid(claims.jti)) return null;
  if (!Number.isFinite(claims.iat) || claims.iat > Date.now() / 1000 + CLOCK_TOLERANCE_SECONDS)
    return null;
  return {
    subject: { userId: claims.sub, sessionId: claims.jti },
    holdsUntil: (claims.exp + CLOCK_TOLERANCE_SECONDS) * 1000,
  };
}

/** The library throws only for bad tokens, but with many error types. */
function readClaims(token: string, decoder: JWT, keys: ReadonlyMap<unknown, JWT>): Claims | null {
  try {
    const decoded = decoder.decode<{ header: { kid?: unknown } }>(token);
    return keys.get(decoded?.header.kid)?.verify<Claims>(token) ?? null;
  } catch {
    return null;
  }
}
