import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ConfiguredChannel } from '@gomon/channels';
import { createChannel, updateChannel, type ChannelChoice, type Db } from '@gomon/persistence';
import { generatedSettings, type ChannelSettingsReader } from './settings.ts';
import { created, entityTag, ifMatchAccepts } from '../../http/entity-tag.ts';
import { found } from '../../problem.ts';
import { ChannelAnswer, ChannelPatch, NewChannelBody, type ChannelPatchBody } from './schemas.ts';
import { IfMatchHeaders } from '../../schemas/conditional.ts';
import { IdParams, ref } from '../../schemas/fields.ts';
import { toChannelAnswer } from './read.ts';

const MAX_CHANNELS_PER_USER = 20;
const tags = ['channels'];

export interface ChannelSettingsOptions {
  readonly db: Db;
  readonly channelSettings: ChannelSettingsReader;
}

const postChannelsSchema = {
  summary: 'Make a channel, by which alerts are told',
  tags,
  body: NewChannelBody,
  response: { 201: ref(ChannelAnswer) },
};

const patchChannelsIdSchema = {
  summary: 'Change, disable or enable a channel',
  description:
    'With `If-Match`, only the version that you know: the `ETag` of a channel that you have read.',
  tags,
  params: IdParams,
  headers: IfMatchHeaders,
  body: ChannelPatch,
  response: { 200: ref(ChannelAnswer) },
};

export const channelSettingsRoutes: FastifyPluginAsyncTypebox<ChannelSettingsOptions> = async (
  app,
  { db, channelSettings },
) => {
  app.post(
    '/channels',
    {
      schema: postChannelsSchema,
      config: {
        problems: ['channel_limit_reached', 'channel_name_taken', 'confirmation_limit_reached'],
      },
    },
    async (request, reply) =>
      reply.once(async (tx) => {
        const {
          kind,
          name,
          settings,
          enabled = true,
          default: isDefault = false,
          remindEverySeconds = null,
        } = request.body;
        const id = randomUUID();
        const { ownerId } = request.caller;
        const made = generatedSettings(kind, settings);
        const encrypted = await channelSettings.complete({ id, kind }, { ...settings, ...made });
        const choice = { name, settings: encrypted, enabled, isDefault, remindEverySeconds };
        const limit = MAX_CHANNELS_PER_USER;
        const channel = await createChannel(tx, { id, ownerId, kind, choice, limit });
        created(reply, `/v1/channels/${id}`, channel.version);
        const answer = toChannelAnswer(channel);
        return { ...answer, settings: { ...answer.settings, ...made } };
      }),
  );

  app.patch(
    '/channels/:id',
    {
      schema: patchChannelsIdSchema,
      config: {
        problems: ['channel_name_taken', 'version_mismatch', 'confirmation_limit_reached'],
      },
    },
    async (request, reply) => {
      const channel = found(
        await updateChannel(db, {
          ownerId: request.caller.ownerId,
          id: request.params.id,
          accepts: (version) => ifMatchAccepts(request.headers['if-match'], version),
          choice: (stored) => patched(stored, request.body, channelSettings),
        }),
      );
      reply.header('etag', entityTag(channel.version));
      return toChannelAnswer(channel);
    },
  );
};

async function patched(
  stored: ConfiguredChannel,
  body: ChannelPatchBody,
  reader: ChannelSettingsReader,
): Promise<ChannelChoice> {
  const { settings, default: isDefault = stored.isDefault, ...choice } = body;
  return { ...stored, ...choice, isDefault, settings: await reader.patch(stored, settings ?? {}) };
}
