import { useNavigate, useParams } from '@tanstack/react-router';
import type { Schema } from '@gomon/client';
import { api, ask } from '../../api.ts';
import { useAct } from '../../parts/forms/act.ts';
import { useAsItIs } from '../../parts/forms/as-it-is.ts';
import { Loaded, Page } from '../../parts/page.tsx';
import { channelQuery } from '../../queries.ts';
import { ChannelForm, type ChannelDraft } from './channel-form.tsx';
import { KINDS } from './channel-kinds.ts';

export function EditChannelPage() {
  const { id } = useParams({ from: '/shell/channels/$id/edit' });
  const query = useAsItIs(channelQuery(id));
  return (
    <Loaded query={query}>{(channel) => <Editor key={channel.id} channel={channel} />}</Loaded>
  );
}

function Editor({ channel }: { channel: Schema<'Channel'> }) {
  const navigate = useNavigate();
  const { id, name, kind } = channel;
  const toChannel = () => void navigate({ to: '/channels/$id', params: { id } });
  const save = useAct({
    act: ({ kind: _kept, ...body }: ChannelDraft) =>
      ask(api.PATCH('/v1/channels/{id}', { params: { path: { id } }, body })),
    said: 'Saved.',
    refresh: [['channels']],
    onDone: toChannel,
    inForm: true,
  });
  return (
    <Page title={`Edit ${name}`} narrow note={KINDS[kind].label}>
      <ChannelForm
        channel={channel}
        verb="Save"
        error={save.error}
        busy={save.isPending}
        onSubmit={save.mutate}
        onCancel={toChannel}
      />
    </Page>
  );
}
