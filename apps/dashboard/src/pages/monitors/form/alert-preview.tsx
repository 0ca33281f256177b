import { useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { api, ask, Refusal } from '../../../api.ts';
import { formatDuration, formatNear, formatNumber } from '../../../format.ts';
import { Failed } from '../../../parts/page.tsx';

interface AlertPreviewProps {
  readonly id: string;
  readonly threshold: number;
  readonly windowSeconds: number;
}

const SHOWN = 8;

/** What this rule would have done, from the checks as they were. */
export function AlertPreview({ id, threshold, windowSeconds }: AlertPreviewProps) {
  const body = useDeferredValue({ threshold, windowSeconds });
  const query = useQuery({
    queryKey: ['preview', id, body.threshold, body.windowSeconds],
    queryFn: () =>
      ask(
        api.POST('/v1/monitors/{id}/alert-preview', {
          params: { path: { id } },
          body: { ...body, days: 7 },
        }),
      ),
    placeholderData: (previous) => previous,
  });
  if (query.error instanceof Refusal && query.error.faults['threshold']) {
    return (
      <p className="preview">
        As often as it was checked until now, this rule could not have opened an alert.
      </p>
    );
  }
  if (query.isError) return <Failed error={query.error} />;
  if (!query.data) return <p className="preview">Replaying the last 7 days …</p>;
  const { alertCount, alerts, checks } = query.data;
  const times = alertCount === 1 ? 'one alert' : `${formatNumber(alertCount)} alerts`;
  return (
    <div className="preview" aria-live="polite" data-stale={query.isPlaceholderData || undefined}>
      <p>
        Over the last 7 days ({formatNumber(checks)} checks) this rule would have opened{' '}
        <strong>{times}</strong>
        {alertCount > SHOWN ? `, the last ${SHOWN} of which were:` : '.'}
      </p>
      {alerts.length > 0 && (
        <ul>
          {alerts
            .slice(-SHOWN)
            .reverse()
            .map(({ openedAt, resolvedAt }) => (
              <li key={openedAt}>
                {formatNear(openedAt)},{' '}
                {resolvedAt === null ? 'still open' : `for ${lasting(openedAt, resolvedAt)}`}
              </li>
            ))}
        </ul>
      )}
    </div>
  );
}

const lasting = (from: string, to: string) =>
  formatDuration((Date.parse(to) - Date.parse(from)) / 1000);
