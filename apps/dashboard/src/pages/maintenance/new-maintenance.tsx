import { api, ask } from '../../api.ts';
import { useAct } from '../../parts/forms/act.ts';
import type { toBody } from './maintenance-draft.ts';
import { MaintenanceForm } from './maintenance-form.tsx';

export function NewMaintenance({ onClose }: { onClose: () => void }) {
  const create = useAct({
    act: (body: ReturnType<typeof toBody>) => ask(api.POST('/v1/maintenance-windows', { body })),
    said: 'The window is planned.',
    refresh: [['maintenance']],
    onDone: onClose,
    inForm: true,
  });
  return (
    <div className="panel">
      <MaintenanceForm verb="Plan it" error={create.error} busy={create.isPending} onSubmit={create.mutate} onCancel={onClose} />
    </div>
  );
}
