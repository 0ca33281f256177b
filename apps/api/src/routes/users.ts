import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { createUser, findUser, type Db } from '@gomon/persistence';
import type { Passwords } from '../passwords.ts';
import { found } from '../problem.ts';
import { ref } from '../schemas/fields.ts';
import { NewUser, OwnAccount, UserAnswer } from '../schemas/user.ts';

export interface UserRouteOptions {
  readonly db: Db;
  readonly passwords: Passwords;
  readonly monitorLimit: number;
}

export const userRoutes: FastifyPluginAsyncTypebox<UserRouteOptions> = async (app, { db, passwords, monitorLimit }) => {
  app.post(
    '/users',
    {
      schema: { summary: 'Sign up', tags: ['users'], body: NewUser, response: { 201: ref(UserAnswer) } },
      config: { public: true, problems: ['username_taken'] },
    },
    async (request, reply) => {
      const { username, password } = request.body;
      const user = await createUser(db, { username, passwordHash: await passwords.hash(password) });
      return reply.code(201).send(user);
    },
  );

  app.get(
    '/users/me',
    { schema: { summary: 'Your account', tags: ['users'], response: { 200: ref(OwnAccount) } } },
    async (request) => ({ ...found(await findUser(db, request.caller.userId)), monitorLimit }),
  );
};
