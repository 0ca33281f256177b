import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { createSession, deleteSession, replacePasswordHash, type Db } from '@gomon/persistence';
import Type from 'typebox';
import type { PasswordCheck } from '../../auth/password-check.ts';
import type { Passwords } from '../../auth/passwords.ts';
import { Problem } from '../../problem.ts';
import { ref } from '../../schemas/fields.ts';
import { CREDENTIALS_LIMIT, Login, SessionAnswer } from './schemas.ts';

export interface SessionRouteOptions {
  readonly db: Db;
  readonly passwords: Passwords;
  readonly passwordCheck: PasswordCheck;
}

const SESSION_SECONDS = 24 * 3600;
const tags = ['sessions'];

export const sessionRoutes: FastifyPluginAsyncTypebox<SessionRouteOptions> = async (
  app,
  { db, passwords, passwordCheck },
) => {
  app.post(
    '/sessions',
    {
      schema: {
        summary: 'Log in',
        description:
          'After several wrong passwords the next attempt must wait (`Retry-After`), up to 15 minutes. Send the token of a valid session as well to wait for your own failures only.',
        tags,
        body: Login,
        response: { 201: ref(SessionAnswer) },
      },
      config: { public: true, problems: ['invalid_credentials'] },
      bodyLimit: CREDENTIALS_LIMIT,
    },
    async (request, reply) => {
      const { password } = request.body;
      const { userId, session } = await passwords.inTurn(async () => {
        const credentials = await passwordCheck.logIn(
          request,
          request.body,
          await app.findSession(request),
        );
        const opened = await createSession(db, credentials, SESSION_SECONDS);
        if (!opened) throw new Problem('unavailable', 'The password has just changed. Try again.');
        if (passwords.isOutdated(credentials.passwordHash)) {
          await replacePasswordHash(db, credentials, await passwords.hash(password));
        }
        return { userId: credentials.userId, session: opened };
      }, request.clientNetwork);
      const token = app.signToken(userId, session);
      return reply.code(201).send({ token, tokenType: 'Bearer', expiresAt: session.expiresAt });
    },
  );

  app.delete(
    '/sessions/current',
    {
      schema: {
        summary: 'Log out',
        tags,
        response: { 204: Type.Null({ description: 'Logged out; the token is invalid.' }) },
      },
      config: { session: true },
    },
    async (request, reply) => {
      await deleteSession(db, request.sessionId);
      return reply.code(204).send(null);
    },
  );
};
