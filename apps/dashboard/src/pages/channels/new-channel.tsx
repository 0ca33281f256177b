import { api, ask } from '../../api.ts';
import { useAct } from '../../parts/forms/act.ts';
import { CopyText } from '../../parts/forms/copy-text.tsx';
import { ChannelForm, type ChannelDraft } from './channel-form.tsx';

export function NewChannel({ onClose }: { onClose: () => void }) {
  const create = useAct({
    act: async (body: ChannelDraft) => {
      const { settings } = await ask(api.POST('/v1/channels', { body }));
      return typeof settings['secret'] === 'string' ? settings['secret'] : null;
    },
    said: 'Channel created. Send a test to check it.',
    refresh: [['channels']],
    inForm: true,
    onDone: (madeSecret) => {
      if (madeSecret === null) onClose();
    },
  });
  if (typeof create.data === 'string') {
    return (
      <div className="notice notice-good" role="status">
        <p>Requests are signed with this secret. Copy it now: it is not shown again.</p>
        <CopyText label="The secret" text={create.data} />
        <button type="button" className="button" onClick={onClose}>
          Done
        </button>
      </div>
    );
  }
  return (
    <div className="panel">
      <ChannelForm
        verb="Create channel"
        error={create.error}
        busy={create.isPending}
        onSubmit={create.mutate}
        onCancel={onClose}
      />
    </div>
  );
}
