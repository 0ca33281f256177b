import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { createUser, type Db } from '@gomon/persistence';
import type { Passwords } from '../../auth/passwords.ts';
import { ref } from '../../schemas/fields.ts';
import { CREDENTIALS_LIMIT, NewUser, UserAnswer } from './schemas.ts';
import { refuseWeakPassword } from '../../auth/common-passwords.ts';

export interface UserRouteOptions {
  readonly db: Db;
  readonly passwords: Passwords;
}

export const userRoutes: FastifyPluginAsyncTypebox<UserRouteOptions> = async (
  app,
  { db, passwords },
) => {
  app.post(
    '/users',
    {
      schema: {
        summary: 'Sign up',
        tags: ['users'],
        body: NewUser,
        response: { 201: ref(UserAnswer) },
      },
      config: { public: true, problems: ['username_taken'] },
      bodyLimit: CREDENTIALS_LIMIT,
    },
    async (request, reply) => {
      const { username, password } = request.body;
      refuseWeakPassword(password, username);
      const passwordHash = await passwords.inTurn(
        () => passwords.hash(password),
        request.clientNetwork,
      );
      return reply.code(201).send(await createUser(db, { username, passwordHash }));
    },
  );
};
