import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { DomainError } from '@gomon/domain';
import { createSession, deleteSession, findCredentials, type Db } from '@gomon/persistence';
import Type from 'typebox';
import type { Passwords } from '../passwords.ts';
import { ref } from '../schemas/fields.ts';
import { Login, SessionAnswer } from '../schemas/user.ts';

const SESSION_SECONDS = 24 * 3600;

export const sessionRoutes: FastifyPluginAsyncTypebox<{ db: Db; passwords: Passwords }> = async (app, { db, passwords }) => {
  app.post(
    '/sessions',
    {
      schema: { summary: 'Log in', tags: ['sessions'], body: Login, response: { 201: ref(SessionAnswer) } },
      config: { public: true, problems: ['invalid_credentials'] },
    },
    async (request, reply) => {
      const { username, password } = request.body;
      const credentials = await findCredentials(db, username);
      const matches = await passwords.matches(credentials?.passwordHash ?? null, password);
      if (!credentials || !matches) throw new DomainError('invalid_credentials', 'The username or the password is wrong.');
      const session = await createSession(db, credentials.userId, SESSION_SECONDS);
      const token = app.signToken(credentials.userId, session);
      return reply.code(201).send({ token, tokenType: 'Bearer', expiresAt: session.expiresAt });
    },
  );

  app.delete(
    '/sessions/current',
    { schema: { summary: 'Log out', tags: ['sessions'], response: { 204: Type.Null({ description: 'The token is dead.' }) } } },
    async (request, reply) => {
      await deleteSession(db, request.caller.sessionId);
      return reply.code(204).send(null);
    },
  );
};
