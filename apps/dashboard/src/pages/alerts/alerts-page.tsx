import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { formatNear } from '../../format.ts';
import { AcknowledgeButton } from '../../parts/states/acknowledge-button.tsx';
import { Lasting } from '../../parts/states/now.tsx';
import { Empty, Loaded, Page, Section } from '../../parts/page.tsx';
import { Pages } from '../../parts/pages.tsx';
import { alertsQuery, monitorNamesQuery, type Alert } from '../../queries.ts';

export function AlertsPage() {
  const search = useSearch({ from: '/shell/alerts' });
  const open = useQuery(alertsQuery('open', search.open));
  const resolved = useQuery(alertsQuery('resolved', search.resolved));
  return (
    <Page title="Alerts">
      <Section title="Open">
        <Loaded query={open} lines={2}>
          {({ items, nextCursor }) => (
            <Pages of="open" label="Pages of open alerts" nextCursor={nextCursor}>
              {items.length === 0 ? (
                <Empty title="No open alerts" />
              ) : (
                <AlertTable alerts={items} />
              )}
            </Pages>
          )}
        </Loaded>
      </Section>
      <Section title="Resolved" note="newest first">
        <Loaded query={resolved}>
          {({ items, nextCursor }) => (
            <Pages of="resolved" label="Pages of resolved alerts" nextCursor={nextCursor}>
              {items.length === 0 ? (
                <Empty title="No resolved alerts yet" />
              ) : (
                <AlertTable alerts={items} />
              )}
            </Pages>
          )}
        </Loaded>
      </Section>
    </Page>
  );
}

function AlertTable({ alerts }: { alerts: readonly Alert[] }) {
  // An alert names its monitor by its id only.
  const names = useQuery(monitorNamesQuery(alerts.map(({ monitorId }) => monitorId))).data;
  return (
    <table className="table alerts stack">
      <thead>
        <tr>
          <th scope="col">Monitor</th>
          <th scope="col">Opened</th>
          <th scope="col">Duration</th>
          <th scope="col">Failures at opening</th>
          <th scope="col">Reason</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {alerts.map((alert) => (
          <tr key={alert.id}>
            <td className="cell-name">
              <Link to="/monitors/$id" params={{ id: alert.monitorId }} className="row-link">
                {names?.get(alert.monitorId) ?? '…'}
              </Link>
            </td>
            <td className="nowrap" data-label="Opened">
              {formatNear(alert.openedAt)}
            </td>
            <td className="nowrap" data-label="Duration">
              <Lasting from={alert.openedAt} to={alert.resolvedAt} />
            </td>
            <td data-label="Failures at opening">
              {alert.failures} <span className="muted">({alert.threshold} allowed)</span>
            </td>
            <td data-label="Reason">{(alert.lastFailure ?? alert.openedBy)?.explanation}</td>
            <td className="nowrap">
              <Standing alert={alert} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Standing({ alert }: { alert: Alert }) {
  if (alert.endedBy === 'pause' && alert.resolvedAt !== null)
    return <>Paused {formatNear(alert.resolvedAt)}</>;
  if (alert.resolvedAt !== null) return <>Resolved {formatNear(alert.resolvedAt)}</>;
  if (alert.acknowledgedAt !== null) return <>Acknowledged {formatNear(alert.acknowledgedAt)}</>;
  return <AcknowledgeButton alert={alert} />;
}
