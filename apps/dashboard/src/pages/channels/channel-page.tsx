import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { Schema } from '@gomon/client';
import { api, ask } from '../../api.ts';
import { useAct } from '../../parts/forms/act.ts';
import { useConfirm } from '../../parts/forms/confirm.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { channelQuery } from '../../queries.ts';
import { destinationOf, KINDS } from './channel-kinds.ts';
import { ConfirmAddress } from './confirm-address.tsx';
import { Deliveries } from './deliveries.tsx';

export function ChannelPage() {
  const { id } = useParams({ from: '/shell/channels/$id' });
  const query = useQuery(channelQuery(id));
  return <Loaded query={query}>{(channel) => <Whole channel={channel} />}</Loaded>;
}

function Whole({ channel }: { channel: Schema<'Channel'> }) {
  const { name, kind, enabled, disabledReason } = channel;
  const facts = [
    KINDS[kind].label,
    destinationOf(channel),
    channel.default ? 'alerts of all monitors' : 'alerts of chosen monitors',
  ];
  return (
    <Page
      title={name}
      note={<p className="anywhere">{facts.filter(Boolean).join(' · ')}</p>}
      actions={<Actions channel={channel} />}
    >
      {!enabled && (
        <div className="notice notice-bad">
          <p>
            This channel is off{disabledReason ? `: ${disabledReason}` : ''}. It sends only the ends
            of alerts that it reported.
          </p>
        </div>
      )}
      {channel.unconfirmed.length > 0 && <ConfirmAddress channel={channel} />}
      <Deliveries channelId={channel.id} />
    </Page>
  );
}

const OUTCOMES: Record<Schema<'Delivery'>['status'], string> = {
  pending: 'Not delivered yet. GoMon tries again.',
  delivered: 'Test delivered.',
  held: 'The test is held until maintenance ends.',
  dead: 'The test could not be delivered.',
  dropped: 'The test was dropped.',
};

function Actions({ channel: { id, name, enabled } }: { channel: Schema<'Channel'> }) {
  const confirm = useConfirm();
  const navigate = useNavigate();
  const params = { path: { id } };
  const test = useAct({
    act: () => ask(api.POST('/v1/channels/{id}/test', { params })),
    said: ({ status, recipient }) =>
      recipient && status !== 'delivered' ? `${recipient}: ${OUTCOMES[status]}` : OUTCOMES[status],
    refresh: [['channels', id]],
  });
  const change = useAct({
    act: (body: { enabled: boolean }) => ask(api.PATCH('/v1/channels/{id}', { params, body })),
    said: 'Saved.',
    refresh: [['channels']],
  });
  const remove = useAct({
    act: () => ask(api.DELETE('/v1/channels/{id}', { params })),
    said: 'Channel deleted.',
    refresh: [['channels']],
    onDone: () => void navigate({ to: '/channels' }),
  });
  const onRemove = async () => {
    const text = 'It sends nothing more, and its deliveries are deleted.';
    if (await confirm({ title: `Delete ${name}?`, text, verb: 'Delete' })) remove.mutate();
  };
  return (
    <>
      <button
        type="button"
        className="button button-primary"
        onClick={() => test.mutate()}
        disabled={test.isPending || !enabled}
      >
        {test.isPending ? 'Sending' : 'Send a test'}
      </button>
      <Link to="/channels/$id/edit" params={{ id }} className="button">
        Edit
      </Link>
      <button type="button" className="button" onClick={() => change.mutate({ enabled: !enabled })}>
        {enabled ? 'Turn off' : 'Turn on'}
      </button>
      <button type="button" className="button button-quiet-danger" onClick={() => void onRemove()}>
        Delete
      </button>
    </>
  );
}
