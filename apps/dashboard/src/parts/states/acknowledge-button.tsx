import { api, ask } from '../../api.ts';
import type { Alert } from '../../queries.ts';
import { useAct } from '../forms/act.ts';

/** There for an alert that is open and that nobody has acknowledged. */
export function AcknowledgeButton({ alert }: { alert: Alert }) {
  const acknowledge = useAct({
    act: () => ask(api.POST('/v1/alerts/{id}/acknowledge', { params: { path: { id: alert.id } } })),
    said: 'Acknowledged.',
    refresh: [['alerts'], ['monitor', alert.monitorId, 'alerts']],
  });
  if (alert.resolvedAt !== null || alert.acknowledgedAt !== null) return null;
  return (
    <button
      type="button"
      className="button"
      onClick={() => acknowledge.mutate()}
      disabled={acknowledge.isPending}
    >
      Acknowledge
    </button>
  );
}
