import { api, ask } from '../../api.ts';
import { useAct } from '../../parts/forms/act.ts';
import type { toBody } from './maintenance-draft.ts';
import { MaintenanceForm } from './maintenance-form.tsx';

export function NewMaintenance({ onClose }: { onClose: () => void }) {
  const create = useAct({
    act: (body: ReturnType<typeof toBody>) => ask(api.POST('/v1/maintenance-windows', { body })),
    said: 'Maintenance window created.',
    refresh: [['maintenance']],
    onDone: onClose,
    inForm: true,
  });
  return (
    <div className="panel">
      <MaintenanceForm
        verb="Create window"
        error={create.error}
        busy={create.isPending}
        onSubmit={create.mutate}
        onCancel={onClose}
      />
    </div>
  );
}
