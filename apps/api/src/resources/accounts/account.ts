import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { deleteUser, findUser, updateUser, type Db } from '@gomon/persistence';
import Type from 'typebox';
import type { PasswordCheck } from '../../auth/password-check.ts';
import type { Passwords } from '../../auth/passwords.ts';
import { found } from '../../problem.ts';
import { ref } from '../../schemas/fields.ts';
import { AccountPatch, AccountRemoval, CREDENTIALS_LIMIT, OwnAccount } from './schemas.ts';
import { refuseUsernameInPassword, refuseWeakPassword } from '../../auth/common-passwords.ts';

export interface AccountRouteOptions {
  readonly db: Db;
  readonly passwords: Passwords;
  readonly passwordCheck: PasswordCheck;
  readonly monitorLimit: number;
}

const tags = ['users'];

const patchUsersMeSchema = {
  summary: 'Change your name or password',
  description: 'A new password ends all other sessions. API keys stay valid.',
  tags,
  body: AccountPatch,
  response: { 200: ref(OwnAccount) },
};

const deleteUsersMeSchema = {
  summary: 'Delete your account and everything in it',
  tags,
  body: AccountRemoval,
  response: { 204: Type.Null({ description: 'Deleted.' }) },
};

export const accountRoutes: FastifyPluginAsyncTypebox<AccountRouteOptions> = async (
  app,
  options,
) => {
  const { db, passwords, passwordCheck } = options;
  const readAccount = async (userId: string) => ({
    ...found(await findUser(db, userId)),
    monitorLimit: options.monitorLimit,
  });

  app.get(
    '/users/me',
    { schema: { summary: 'Your account', tags, response: { 200: ref(OwnAccount) } } },
    async (request) => readAccount(request.caller.userId),
  );

  app.patch(
    '/users/me',
    {
      schema: patchUsersMeSchema,
      config: { session: true, problems: ['wrong_password', 'username_taken'] },
      bodyLimit: CREDENTIALS_LIMIT,
    },
    async (request) => {
      const { currentPassword, username, password } = request.body;
      if (password !== undefined)
        refuseWeakPassword(
          password,
          username ?? (await readAccount(request.caller.userId)).username,
        );
      else if (username !== undefined) refuseUsernameInPassword(username, currentPassword);
      await passwords.inTurn(async () => {
        const credentials = await passwordCheck.confirm(request, currentPassword);
        const passwordHash = password === undefined ? undefined : await passwords.hash(password);
        await updateUser(db, credentials, request.sessionId, { username, passwordHash });
      }, request.caller.userId);
      return readAccount(request.caller.userId);
    },
  );

  app.delete(
    '/users/me',
    {
      schema: deleteUsersMeSchema,
      config: { session: true, problems: ['wrong_password'] },
      bodyLimit: CREDENTIALS_LIMIT,
    },
    async (request, reply) => {
      const { currentPassword } = request.body;
      const credentials = await passwords.inTurn(
        () => passwordCheck.confirm(request, currentPassword),
        request.caller.userId,
      );
      await deleteUser(db, credentials);
      return reply.code(204).send(null);
    },
  );
};
