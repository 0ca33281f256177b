import { Link, useNavigate } from '@tanstack/react-router';
import { api, ask } from '../../api.ts';
import { useAct } from '../../parts/forms/act.ts';
import { useConfirm } from '../../parts/forms/confirm.tsx';
import type { Monitor } from '../../queries.ts';
import { BadgeDialog } from './badge-dialog.tsx';

export function MonitorActions({ monitor }: { monitor: Monitor }) {
  const { id, name, paused } = monitor;
  const params = { path: { id } };
  const refresh = [['monitor', id], ['overview']];
  const check = useAct({
    act: () => ask(api.POST('/v1/monitors/{id}/check', { params })),
    said: 'Check started.',
    refresh,
  });
  const pause = useAct({
    act: () => ask(api.PATCH('/v1/monitors/{id}', { params, body: { paused: !paused } })),
    said: paused ? 'Resumed.' : 'Paused. No checks until you resume it.',
    refresh,
  });
  return (
    <>
      <button
        type="button"
        className="button"
        onClick={() => check.mutate()}
        disabled={check.isPending || paused}
      >
        Check now
      </button>
      <button
        type="button"
        className="button"
        onClick={() => pause.mutate()}
        disabled={pause.isPending}
      >
        {paused ? 'Resume' : 'Pause'}
      </button>
      <Link to="/monitors/$id/edit" params={{ id }} className="button">
        Edit
      </Link>
      <BadgeDialog monitor={monitor} />
      <DeleteButton id={id} name={name} />
    </>
  );
}

function DeleteButton({ id, name }: { id: string; name: string }) {
  const confirm = useConfirm();
  const navigate = useNavigate();
  const remove = useAct({
    act: () => ask(api.DELETE('/v1/monitors/{id}', { params: { path: { id } } })),
    said: `${name} deleted.`,
    refresh: [['overview'], ['tags'], ['account'], ['alerts']],
    onDone: () => void navigate({ to: '/monitors' }),
  });
  const onClick = async () => {
    const text = 'Its checks and alerts go with it. This cannot be undone.';
    if (await confirm({ title: `Delete ${name}?`, text, verb: 'Delete' })) remove.mutate();
  };
  return (
    <button
      type="button"
      className="button button-quiet-danger"
      onClick={() => void onClick()}
      disabled={remove.isPending}
    >
      Delete
    </button>
  );
}
