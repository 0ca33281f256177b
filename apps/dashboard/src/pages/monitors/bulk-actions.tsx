import { api, ask } from '../../api.ts';
import { formatNumber } from '../../format.ts';
import { useAct } from '../../parts/forms/act.ts';
import { useConfirm } from '../../parts/forms/confirm.tsx';

type Action = 'pause' | 'resume' | 'delete';

const DONE: Record<Action, string> = { pause: 'paused', resume: 'resumed', delete: 'deleted' };

interface BulkActionsProps {
  readonly selected: ReadonlySet<string>;
  readonly onDone: () => void;
}

/** What can be done with all that are selected; there only while some are. */
export function BulkActions({ selected, onDone }: BulkActionsProps) {
  const confirm = useConfirm();
  const bulk = useAct({
    act: async (action: Action) => {
      const { done } = await ask(
        api.POST('/v1/monitors/bulk', { body: { action, ids: [...selected] } }),
      );
      return `${count(done.length)} ${DONE[action]}`;
    },
    said: (text) => text,
    refresh: [['overview'], ['tags'], ['account'], ['alerts']],
    onDone,
  });
  const remove = async () => {
    const question = {
      title: `Delete ${count(selected.size)}?`,
      text: 'Their checks and alerts are deleted, too. This cannot be undone.',
      verb: 'Delete',
    };
    if (await confirm(question)) bulk.mutate('delete');
  };
  if (selected.size === 0) return null;
  return (
    <div className="bulk" role="region" aria-label="Selected monitors">
      <strong aria-live="polite">{count(selected.size)} selected</strong>
      <button
        type="button"
        className="button"
        onClick={() => bulk.mutate('pause')}
        disabled={bulk.isPending}
      >
        Pause
      </button>
      <button
        type="button"
        className="button"
        onClick={() => bulk.mutate('resume')}
        disabled={bulk.isPending}
      >
        Resume
      </button>
      <button
        type="button"
        className="button button-quiet-danger"
        onClick={() => void remove()}
        disabled={bulk.isPending}
      >
        Delete
      </button>
      <button type="button" className="button button-quiet" onClick={onDone}>
        Clear
      </button>
    </div>
  );
}

const count = (monitors: number) =>
  `${formatNumber(monitors)} ${monitors === 1 ? 'monitor' : 'monitors'}`;
