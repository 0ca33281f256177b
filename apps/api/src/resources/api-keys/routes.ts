import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ApiKey } from '@gomon/domain';
import { createApiKey, deleteApiKey, listApiKeys, type Db } from '@gomon/persistence';
import Type from 'typebox';
import { generateApiKey } from '../../auth/api-key.ts';
import { decodeCursor, toPage } from '../../http/cursor.ts';
import { invalid, notFound } from '../../problem.ts';
import { ApiKeyAnswer, CreatedApiKeyAnswer, NewApiKeyBody } from './schemas.ts';
import { IdParams, pageOf, pageQuery, record, ref } from '../../schemas/fields.ts';

const LIST = 'api-keys';
const MAX_KEYS_PER_USER = 100;
const tags = ['api keys'];

const postApiKeysSchema = {
  summary: 'Create an API key',
  tags,
  body: NewApiKeyBody,
  response: { 201: ref(CreatedApiKeyAnswer) },
};

const getApiKeysSchema = {
  summary: 'List your API keys, oldest first',
  tags,
  querystring: record(pageQuery),
  response: { 200: pageOf(ref(ApiKeyAnswer)) },
};

const deleteApiKeysIdSchema = {
  summary: 'Revoke an API key',
  tags,
  params: IdParams,
  response: { 204: Type.Null({ description: 'API key revoked.' }) },
};

/** Keys are for programs; they cannot create, see or delete keys. */
export const apiKeyRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.post(
    '/api-keys',
    {
      schema: postApiKeysSchema,
      config: { session: true, problems: ['api_key_limit_reached'] },
    },
    async (request, reply) => {
      const { name, scopes = ['read'], expiresAt } = request.body;
      const key = { name, scopes, expiresAt: readExpiry(expiresAt), ...generateApiKey() };
      return reply.once(async (tx) => {
        const { secret, ...stored } = key;
        const made = await createApiKey(tx, {
          ...stored,
          userId: request.caller.userId,
          limit: MAX_KEYS_PER_USER,
        });
        reply.code(201);
        return { ...toAnswer(made), key: secret };
      });
    },
  );

  app.get(
    '/api-keys',
    {
      schema: getApiKeysSchema,
      config: { session: true },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, cursor);
      const filter = { after: after && { createdAt: after.at, id: after.id }, limit: limit + 1 };
      const keys = await listApiKeys(db, request.caller.userId, filter);
      return toPage(LIST, keys.map(toAnswer), limit, ({ createdAt, id }) => ({
        at: createdAt,
        id,
      }));
    },
  );

  app.delete(
    '/api-keys/:id',
    {
      schema: deleteApiKeysIdSchema,
      config: { session: true },
    },
    async (request, reply) => {
      if (!(await deleteApiKey(db, request.caller.userId, request.params.id))) throw notFound();
      return reply.code(204).send(null);
    },
  );
};

function readExpiry(expiresAt: string | null = null): Date | null {
  if (expiresAt === null) return null;
  if (Date.parse(expiresAt) <= Date.now())
    throw invalid([{ pointer: '/expiresAt', message: 'must be in the future' }]);
  return new Date(expiresAt);
}

function toAnswer(key: ApiKey): ApiKeyAnswer {
  return { ...key, scopes: [...key.scopes] };
}
