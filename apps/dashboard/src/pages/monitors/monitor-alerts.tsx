import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { formatNear } from '../../format.ts';
import { AcknowledgeButton } from '../../parts/states/acknowledge-button.tsx';
import { Lasting } from '../../parts/states/now.tsx';
import { Empty, Loaded, Section } from '../../parts/page.tsx';
import { Pages } from '../../parts/pages.tsx';
import { monitorAlertsQuery, type Alert } from '../../queries.ts';

export function MonitorAlerts({ id }: { id: string }) {
  const { alerts: cursor } = useSearch({ from: '/shell/monitors/$id' });
  const query = useQuery(monitorAlertsQuery(id, cursor));
  return (
    <Section title="Alerts">
      <Loaded query={query} lines={2}>
        {({ items, nextCursor }) => (
          <Pages of="alerts" label="Pages of alerts" nextCursor={nextCursor}>
            {items.length === 0 ? (
              <Empty title="No alerts yet" />
            ) : (
              <ol className="timeline">
                {items.map((alert) => (
                  <Entry key={alert.id} alert={alert} />
                ))}
              </ol>
            )}
          </Pages>
        )}
      </Loaded>
    </Section>
  );
}

function Entry({ alert }: { alert: Alert }) {
  const { openedAt, resolvedAt, endedBy, acknowledgedAt, failures, threshold } = alert;
  const reason = (alert.lastFailure ?? alert.openedBy)?.explanation;
  return (
    <li className={resolvedAt === null ? 'timeline-open' : undefined}>
      <p>
        <strong>{resolvedAt === null ? 'Open for ' : 'Lasted '}</strong>
        <strong>
          <Lasting from={openedAt} to={resolvedAt} />
        </strong>
        <span className="muted">
          {' '}
          · {failures} failures when it opened, {threshold} allowed
          {reason && ` · ${reason}`}
        </span>
      </p>
      <p className="steps">
        <span>Opened {formatNear(openedAt)}</span>
        {acknowledgedAt && <span>Acknowledged {formatNear(acknowledgedAt)}</span>}
        {resolvedAt && (
          <span>
            {endedBy === 'pause' ? 'Monitor paused' : 'Resolved'} {formatNear(resolvedAt)}
          </span>
        )}
      </p>
      <AcknowledgeButton alert={alert} />
    </li>
  );
}
