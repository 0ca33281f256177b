import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { StatusPageGroup } from '@gomon/domain';
import {
  createStatusPage,
  findStatusPage,
  missingMonitors,
  updateStatusPage,
  type Db,
  type Queryable,
} from '@gomon/persistence';
import { entityTag, ifMatchAccepts } from '../../http/entity-tag.ts';
import { found, invalid } from '../../problem.ts';
import { IfMatchHeaders } from '../../schemas/conditional.ts';
import { IdParams, ref } from '../../schemas/fields.ts';
import { NewStatusPage, StatusPageAnswer, StatusPagePatch } from './schemas.ts';
import { uniqueIds } from '../../http/uuid.ts';
import { toPageAnswer } from './read.ts';

const MAX_PAGES_PER_USER = 50;
const tags = ['status pages'];

const patchStatusPagesIdSchema = {
  summary: 'Change, publish or unpublish a status page',
  description: 'With `If-Match`, changes only the version that you have read: its `ETag`.',
  tags,
  params: IdParams,
  headers: IfMatchHeaders,
  body: StatusPagePatch,
  response: { 200: ref(StatusPageAnswer) },
};

export const statusPageSettingsRoutes: FastifyPluginAsyncTypebox<{ db: Db }> = async (
  app,
  { db },
) => {
  app.post(
    '/status-pages',
    {
      schema: {
        summary: 'Create a status page',
        tags,
        body: NewStatusPage,
        response: { 201: ref(StatusPageAnswer) },
      },
      config: { problems: ['status_page_limit_reached', 'slug_taken'] },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const { ownerId } = request.caller;
        const { groups = [], ...texts } = request.body;
        const settings = {
          description: '',
          published: false,
          ...texts,
          groups: await readGroups(tx, ownerId, groups),
        };
        const page = await createStatusPage(tx, { ownerId, settings, limit: MAX_PAGES_PER_USER });
        reply
          .code(201)
          .header('location', `/v1/status-pages/${page.id}`)
          .header('etag', entityTag(page.version));
        return toPageAnswer(page);
      }),
  );

  app.patch(
    '/status-pages/:id',
    {
      schema: patchStatusPagesIdSchema,
      config: { problems: ['slug_taken', 'version_mismatch'] },
    },
    async (request, reply) => {
      const { ownerId } = request.caller;
      const { id } = request.params;
      found(await findStatusPage(db, ownerId, id));
      const { groups, ...texts } = request.body;
      const settings = {
        ...texts,
        ...(groups && { groups: await readGroups(db, ownerId, groups) }),
      };
      const accepts = (version: number) => ifMatchAccepts(request.headers['if-match'], version);
      const page = found(await updateStatusPage(db, { ownerId, id, accepts, settings }));
      reply.header('etag', entityTag(page.version));
      return toPageAnswer(page);
    },
  );
};

/** Allows each monitor once per group. Throws `validation_failed` where one is not the user's. */
async function readGroups(
  db: Queryable,
  ownerId: string,
  groups: readonly StatusPageGroup[],
): Promise<StatusPageGroup[]> {
  const missing = await missingMonitors(
    db,
    ownerId,
    groups.flatMap(({ monitorIds }) => monitorIds),
  );
  const faults = groups.flatMap(({ monitorIds }, group) =>
    monitorIds.flatMap((id, place) =>
      missing.has(id)
        ? [
            {
              pointer: `/groups/${group}/monitorIds/${place}`,
              message: 'is not one of your monitors',
            },
          ]
        : [],
    ),
  );
  if (faults.length > 0) throw invalid(faults);
  return groups.map(({ name, monitorIds }) => ({ name, monitorIds: uniqueIds(monitorIds) }));
}
