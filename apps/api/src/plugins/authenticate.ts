import jwt from '@fastify/jwt';
import { isSessionAlive, type Db, type Session } from '@gomon/persistence';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '../problem.ts';
import { isUuid } from '../uuid.ts';

/** Whom a request is made for. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Open to anybody. Every other route needs a token. */
    readonly public?: boolean;
  }
  interface FastifyRequest {
    /** Not there on public routes. */
    caller: Caller;
  }
  interface FastifyInstance {
    signToken(userId: string, session: Session): string;
  }
}

interface Claims {
  readonly sub: string;
  readonly jti: string;
  readonly iat: number;
}

const ISSUER = 'gomon';
const CLOCK_TOLERANCE_SECONDS = 5;

/** Who is asking: on every route that does not declare itself public, a token of a session that is alive, or 401. */
export const authenticate = fp(async (app, { db, jwtSecret }: { db: Db; jwtSecret: string }) => {
  await app.register(jwt, {
    secret: jwtSecret,
    sign: { algorithm: 'HS256', iss: ISSUER, aud: ISSUER },
    verify: {
      algorithms: ['HS256'],
      allowedIss: ISSUER,
      allowedAud: ISSUER,
      checkTyp: 'jwt',
      requiredClaims: ['sub', 'jti', 'iss', 'aud', 'iat', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS * 1000,
    },
  });
  app.decorate('signToken', (userId: string, { id, expiresAt }: Session) => {
    return app.jwt.sign({ sub: userId, jti: id, exp: Math.floor(expiresAt.getTime() / 1000) });
  });
  app.decorateRequest('caller');
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404 || request.routeOptions.config.public) return;
    reply.header('cache-control', 'no-store');
    const caller = readToken(app, request.headers.authorization ?? '');
    if (!caller || !(await isSessionAlive(db, { id: caller.sessionId, userId: caller.userId }))) {
      throw new Problem('unauthorized', 'A valid token is needed: Authorization: Bearer <token>.');
    }
    request.caller = caller;
  });
});

function readToken(app: FastifyInstance, authorization: string): Caller | null {
  const [, token] = /^Bearer +([\w.-]+)$/i.exec(authorization) ?? [];
  const claims = token === undefined ? null : verify(app, token);
  if (!claims || !isUuid(claims.sub) || !isUuid(claims.jti)) return null;
  if (claims.iat > Date.now() / 1000 + CLOCK_TOLERANCE_SECONDS) return null;
  return { userId: claims.sub, sessionId: claims.jti };
}

/** The verifier throws for a bad token, and for nothing else, in ways that are many. */
function verify(app: FastifyInstance, token: string): Claims | null {
  try {
    return app.jwt.verify<Claims>(token);
  } catch {
    return null;
  }
}
