import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { api, ask } from '../../../api.ts';
import { useAct } from '../../../parts/forms/act.ts';
import { useAsItIs } from '../../../parts/forms/as-it-is.ts';
import { Loaded, Page } from '../../../parts/page.tsx';
import { accountQuery, monitorQuery, type Monitor } from '../../../queries.ts';
import { MonitorForm } from './monitor-form.tsx';
import { draftOf, NEW_DRAFT, toBody, toPatch, type Draft } from './monitor-draft.ts';

const REFRESH = [['overview'], ['tags'], ['account'], ['monitor-names']];

export function NewMonitorPage() {
  const navigate = useNavigate();
  const account = useQuery(accountQuery).data;
  const create = useAct({
    act: (draft: Draft) => ask(api.POST('/v1/monitors', { body: toBody(draft) })),
    said: 'Monitor added. The first check has started.',
    refresh: REFRESH,
    onDone: ({ id }) => void navigate({ to: '/monitors/$id', params: { id } }),
    inForm: true,
  });
  return (
    <Page
      title="New monitor"
      narrow
      note={account && `${account.monitorCount} of ${account.monitorLimit} monitors in use`}
    >
      <MonitorForm
        initial={NEW_DRAFT}
        verb="Add monitor"
        error={create.error}
        busy={create.isPending}
        onSubmit={create.mutate}
        onCancel={() => void navigate({ to: '/monitors' })}
      />
    </Page>
  );
}

export function EditMonitorPage() {
  const { id } = useParams({ from: '/shell/monitors/$id/edit' });
  const query = useAsItIs(monitorQuery(id));
  return (
    <Loaded query={query}>{(monitor) => <Editor key={monitor.id} monitor={monitor} />}</Loaded>
  );
}

function Editor({ monitor }: { monitor: Monitor }) {
  const navigate = useNavigate();
  const { id, name } = monitor;
  const toMonitor = () => void navigate({ to: '/monitors/$id', params: { id } });
  const save = useAct({
    act: (draft: Draft) =>
      ask(
        api.PATCH('/v1/monitors/{id}', { params: { path: { id } }, body: toPatch(draft, monitor) }),
      ),
    said: 'Saved.',
    refresh: [['monitor', id], ...REFRESH],
    onDone: toMonitor,
    inForm: true,
  });
  return (
    <Page title={`Edit ${name}`} narrow>
      <MonitorForm
        initial={draftOf(monitor)}
        id={id}
        verb="Save"
        error={save.error}
        busy={save.isPending}
        onSubmit={save.mutate}
        onCancel={toMonitor}
      />
    </Page>
  );
}
