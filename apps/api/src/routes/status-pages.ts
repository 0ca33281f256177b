import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { StatusPage, StatusPageGroup } from '@gomon/domain';
import {
  createStatusPage,
  deleteStatusPage,
  findStatusPage,
  listStatusPages,
  missingMonitors,
  updateStatusPage,
  type Db,
  type Queryable,
} from '@gomon/persistence';
import Type, { type Static } from 'typebox';
import { decodeCursor, toPage } from '../cursor.ts';
import { entityTag, ifMatchAccepts } from '../entity-tag.ts';
import { found, invalid, notFound } from '../problem.ts';
import { IfMatchHeaders } from '../schemas/conditional.ts';
import { IdParams, pageOf, pageQuery, record, ref } from '../schemas/fields.ts';
import { NewStatusPage, StatusPageAnswer, StatusPagePatch } from '../schemas/status-page.ts';
import { uniqueIds } from '../uuid.ts';

const LIST = 'status-pages';
const MAX_PAGES_PER_USER = 50;
const tags = ['status pages'];

export const statusPageRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (app, { db }) => {
  app.post(
    '/status-pages',
    {
      schema: { summary: 'Make a status page', tags, body: NewStatusPage, response: { 201: ref(StatusPageAnswer) } },
      config: { problems: ['status_page_limit_reached', 'slug_taken'] },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const { userId } = request.caller;
        const { groups = [], ...texts } = request.body;
        const settings = { description: '', published: false, ...texts, groups: await readGroups(tx, userId, groups) };
        const page = await createStatusPage(tx, { userId, settings, limit: MAX_PAGES_PER_USER });
        reply.code(201).header('location', `/v1/status-pages/${page.id}`).header('etag', entityTag(page.version));
        return toAnswer(page);
      }),
  );

  app.get(
    '/status-pages',
    {
      schema: {
        summary: 'Your status pages, oldest first',
        tags,
        querystring: record(pageQuery),
        response: { 200: pageOf(ref(StatusPageAnswer)) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor(LIST, cursor);
      const filter = { after: after && { createdAt: after.at, id: after.id }, limit: limit + 1 };
      const pages = await listStatusPages(db, request.caller.userId, filter);
      return toPage(LIST, pages.map(toAnswer), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
    },
  );

  app.get(
    '/status-pages/:id',
    { schema: { summary: 'One status page', tags, params: IdParams, response: { 200: ref(StatusPageAnswer) } } },
    async (request, reply) => {
      const page = found(await findStatusPage(db, request.caller.userId, request.params.id));
      reply.header('etag', entityTag(page.version));
      return toAnswer(page);
    },
  );

  app.patch(
    '/status-pages/:id',
    {
      schema: {
        summary: 'Change, publish or withdraw a status page',
        description: 'With `If-Match`, only the version that you know: the `ETag` of a page that you have read.',
        tags,
        params: IdParams,
        headers: IfMatchHeaders,
        body: StatusPagePatch,
        response: { 200: ref(StatusPageAnswer) },
      },
      config: { problems: ['slug_taken', 'version_mismatch'] },
    },
    async (request, reply) => {
      const { userId } = request.caller;
      const { id } = request.params;
      found(await findStatusPage(db, userId, id));
      const { groups, ...texts } = request.body;
      const settings = { ...texts, ...(groups && { groups: await readGroups(db, userId, groups) }) };
      const accepts = (version: number) => ifMatchAccepts(request.headers['if-match'], version);
      const page = found(await updateStatusPage(db, { userId, id, accepts, settings }));
      reply.header('etag', entityTag(page.version));
      return toAnswer(page);
    },
  );

  app.delete(
    '/status-pages/:id',
    {
      schema: {
        summary: 'Remove a status page with its messages',
        tags,
        params: IdParams,
        response: { 204: Type.Null({ description: 'It is gone.' }) },
      },
    },
    async (request, reply) => {
      if (!(await deleteStatusPage(db, request.caller.userId, request.params.id))) throw notFound();
      return reply.code(204).send(null);
    },
  );
};

/** With each monitor once in a group. Throws `validation_failed` where one is not the user's. */
async function readGroups(db: Queryable, userId: string, groups: readonly StatusPageGroup[]): Promise<StatusPageGroup[]> {
  const missing = await missingMonitors(
    db,
    userId,
    groups.flatMap(({ monitorIds }) => monitorIds),
  );
  const faults = groups.flatMap(({ monitorIds }, group) =>
    monitorIds.flatMap((id, place) =>
      missing.has(id) ? [{ pointer: `/groups/${group}/monitorIds/${place}`, message: 'is none of your monitors' }] : [],
    ),
  );
  if (faults.length > 0) throw invalid(faults.slice(0, 100));
  return groups.map(({ name, monitorIds }) => ({ name, monitorIds: uniqueIds(monitorIds) }));
}

function toAnswer({ groups, ...page }: StatusPage): Static<typeof StatusPageAnswer> {
  return { ...page, groups: groups.map(({ name, monitorIds }) => ({ name, monitorIds: [...monitorIds] })) };
}
