import type { OwnerId } from '@gomon/domain';
import {
  findLiveApiKeys,
  noteApiKeyUse,
  ownersOfSessions,
  type Db,
  type LiveApiKey,
  type Session,
} from '@gomon/persistence';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { readApiKey, sameKey } from '../auth/api-key.ts';
import { heldBy } from '../http/connection-holder.ts';
import { Problem } from '../problem.ts';
import { sharedRead } from '../http/shared-read.ts';
import { createTokens, type Tokens, type TokenSecrets, type TokenSubject } from '../auth/tokens.ts';

/** On whose behalf a request is made. */
export interface Caller {
  readonly userId: string;
  /** Whose monitors, channels, pages and windows the request reads and changes: for now, the user's own. */
  readonly ownerId: OwnerId;
  /** The session or API key that proves it. */
  readonly credentialId: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Open to everyone. Every other route needs a token or an API key. */
    readonly public?: boolean;
    /** Closed to API keys: a stolen key must not be enough to take over the account. */
    readonly session?: boolean;
  }
  interface FastifyRequest {
    /** Absent on public routes. */
    caller: Caller;
    /** Only on routes with `session`. */
    sessionId: string;
  }
  interface FastifyInstance {
    signToken(userId: string, session: Session): string;
    /** The request's valid session, on any route; null without one. */
    findSession(request: FastifyRequest): Promise<TokenSubject | null>;
  }
}

interface Reads {
  /** Null when the session has ended or expired. */
  ownerOfSession(id: string): Promise<string | null>;
  liveKey(prefix: string): Promise<LiveApiKey | null>;
}

const CREDENTIALS_AT_ONCE = 100;

/**
 * Authenticates by the token of a valid session or by a valid API key, otherwise 401; then checks
 * the scope.
 */
export const authenticate = fp(async (app, { db, ...secrets }: { db: Db } & TokenSecrets) => {
  const tokens = await createTokens(app, secrets);
  const reads: Reads = {
    ownerOfSession: sharedRead(
      (ids: readonly string[]) => ownersOfSessions(db, ids),
      CREDENTIALS_AT_ONCE,
    ),
    liveKey: sharedRead(
      (prefixes: readonly string[]) => findLiveApiKeys(db, prefixes),
      CREDENTIALS_AT_ONCE,
    ),
  };
  app.decorate('signToken', (userId, session) => tokens.sign(userId, session));
  app.decorate('findSession', (request) => findSession(reads, tokens, readCredential(request)));
  app.decorateRequest('caller');
  app.decorateRequest('sessionId');
  app.addHook('onRequest', async (request, reply) => {
    const { config } = request.routeOptions;
    if (request.is404 || config.public) return;
    const credential = readCredential(request);
    const key = await findKey(reads, credential);
    const session = key ? null : await findSession(reads, tokens, credential);
    const caller = key
      ? callerOf(key.userId, key.id)
      : session && callerOf(session.userId, session.sessionId);
    if (!caller)
      throw new Problem('unauthorized', 'Send a valid token: Authorization: Bearer <token>.');
    request.caller = caller;
    if (session) request.sessionId = session.sessionId;
    if (key && (config.session || !allows(key, request.method))) {
      reply.header('www-authenticate', 'Bearer error="insufficient_scope"');
      const needed = config.session
        ? 'This needs a login session; API keys cannot do it.'
        : 'This needs an API key with the scope "write".';
      throw new Problem('insufficient_scope', needed);
    }
    if (key?.unnoted) await heldBy(key.userId, () => noteApiKeyUse(db, key.id));
  });
});

function callerOf(userId: string, credentialId: string): Caller {
  return { userId, ownerId: userId, credentialId };
}

function readCredential({ headers }: FastifyRequest): string {
  const [, credential = ''] = /^Bearer +([\w.-]{1,1000})$/i.exec(headers.authorization ?? '') ?? [];
  return credential;
}

async function findKey(reads: Reads, credential: string): Promise<LiveApiKey | null> {
  const given = readApiKey(credential);
  const key = given && (await reads.liveKey(given.prefix));
  return key && sameKey(key.keyHash, given.keyHash) ? key : null;
}

async function findSession(
  reads: Reads,
  tokens: Tokens,
  credential: string,
): Promise<TokenSubject | null> {
  const subject = tokens.read(credential);
  return subject && (await reads.ownerOfSession(subject.sessionId)) === subject.userId
    ? subject
    : null;
}

/** Either scope lets a key read. */
function allows({ scopes }: LiveApiKey, method: string): boolean {
  return scopes.includes('write') || (scopes.includes('read') && ['GET', 'HEAD'].includes(method));
}
