import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { StatusPage } from '@gomon/domain';
import { deleteStatusPage, findStatusPage, listStatusPages, type Db } from '@gomon/persistence';
import Type, { type Static } from 'typebox';
import { decodeCursor, toPage } from '../../http/cursor.ts';
import { entityTag } from '../../http/entity-tag.ts';
import { found, notFound } from '../../problem.ts';
import { IdParams, pageOf, pageQuery, record, ref } from '../../schemas/fields.ts';
import { StatusPageAnswer } from './schemas.ts';

const LIST = 'status-pages';
const tags = ['status pages'];

export const statusPageRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.get(
    '/status-pages',
    {
      schema: {
        summary: 'List your status pages, oldest first',
        tags,
        querystring: record(pageQuery),
        response: { 200: pageOf(ref(StatusPageAnswer)) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, cursor);
      const filter = { after: after && { createdAt: after.at, id: after.id }, limit: limit + 1 };
      const pages = await listStatusPages(db, request.caller.ownerId, filter);
      return toPage(LIST, pages.map(toPageAnswer), limit, ({ createdAt, id }) => ({
        at: createdAt,
        id,
      }));
    },
  );

  app.get(
    '/status-pages/:id',
    {
      schema: {
        summary: 'Get a status page',
        tags,
        params: IdParams,
        response: { 200: ref(StatusPageAnswer) },
      },
    },
    async (request, reply) => {
      const page = found(await findStatusPage(db, request.caller.ownerId, request.params.id));
      reply.header('etag', entityTag(page.version));
      return toPageAnswer(page);
    },
  );

  app.delete(
    '/status-pages/:id',
    {
      schema: {
        summary: 'Delete a status page and its messages',
        tags,
        params: IdParams,
        response: { 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    async (request, reply) => {
      if (!(await deleteStatusPage(db, request.caller.ownerId, request.params.id)))
        throw notFound();
      return reply.code(204).send(null);
    },
  );
};

export function toPageAnswer({ groups, ...page }: StatusPage): Static<typeof StatusPageAnswer> {
  return {
    ...page,
    groups: groups.map(({ name, monitorIds }) => ({ name, monitorIds: [...monitorIds] })),
  };
}
