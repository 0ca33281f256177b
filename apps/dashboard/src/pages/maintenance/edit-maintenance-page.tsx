import { useNavigate, useParams } from '@tanstack/react-router';
import type { Schema } from '@gomon/client';
import { api, ask } from '../../api.ts';
import { useAct } from '../../parts/forms/act.ts';
import { useAsItIs } from '../../parts/forms/as-it-is.ts';
import { Loaded, Page } from '../../parts/page.tsx';
import { maintenanceWindowQuery } from '../../queries.ts';
import type { toBody } from './maintenance-draft.ts';
import { MaintenanceForm } from './maintenance-form.tsx';

export function EditMaintenancePage() {
  const { id } = useParams({ from: '/shell/maintenance/$id/edit' });
  const query = useAsItIs(maintenanceWindowQuery(id));
  return <Loaded query={query}>{(window) => <Editor key={window.id} window={window} />}</Loaded>;
}

function Editor({ window }: { window: Schema<'MaintenanceWindow'> }) {
  const navigate = useNavigate();
  const { id, name } = window;
  const toWindows = () => void navigate({ to: '/maintenance' });
  const save = useAct({
    act: (body: ReturnType<typeof toBody>) =>
      ask(api.PATCH('/v1/maintenance-windows/{id}', { params: { path: { id } }, body })),
    said: 'Saved.',
    refresh: [['maintenance']],
    onDone: toWindows,
    inForm: true,
  });
  return (
    <Page title={`Edit ${name}`} narrow>
      <MaintenanceForm
        window={window}
        verb="Save"
        error={save.error}
        busy={save.isPending}
        onSubmit={save.mutate}
        onCancel={toWindows}
      />
    </Page>
  );
}
