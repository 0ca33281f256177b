import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { Schema } from '@gomon/client';
import { api, ask } from '../../api.ts';
import { formatMs, formatNear } from '../../format.ts';
import { useAct } from '../../parts/forms/act.ts';
import { Empty, Loaded, Section } from '../../parts/page.tsx';
import { Pages } from '../../parts/pages.tsx';
import { deliveriesQuery } from '../../queries.ts';

type Delivery = Schema<'Delivery'>;

const STATUS: Record<Delivery['status'], string> = {
  pending: 'Sending',
  delivered: 'Delivered',
  held: 'Held until maintenance ends',
  dead: 'Failed',
  dropped: 'Not needed',
};

export function Deliveries({ channelId }: { channelId: string }) {
  const { deliveries: cursor } = useSearch({ from: '/shell/channels/$id' });
  const query = useQuery(deliveriesQuery(channelId, cursor));
  return (
    <Section title="Deliveries" note="newest first">
      <Loaded query={query}>
        {({ items, nextCursor }) => (
          <Pages of="deliveries" label="Pages of deliveries" nextCursor={nextCursor}>
            {items.length === 0 ? (
              <Empty title="Nothing sent yet" />
            ) : (
              <DeliveryTable deliveries={items} />
            )}
          </Pages>
        )}
      </Loaded>
    </Section>
  );
}

function DeliveryTable({ deliveries }: { deliveries: readonly Delivery[] }) {
  const again = useAct({
    act: (id: string) =>
      ask(api.POST('/v1/notifications/{id}/redeliver', { params: { path: { id } } })),
    said: 'Sending again.',
    refresh: [['channels']],
  });
  const hasRecipients = deliveries.some(({ recipient }) => recipient !== null);
  return (
    <table className="table stack">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Monitor</th>
          <th scope="col">Message</th>
          {hasRecipients && <th scope="col">To</th>}
          <th scope="col">Status</th>
          <th scope="col">Last attempt</th>
          <th scope="col">
            <span className="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <tr key={delivery.id}>
            <td className="nowrap">{formatNear(delivery.createdAt)}</td>
            <td className="anywhere" data-label="Monitor">
              <MonitorLink delivery={delivery} />
            </td>
            <td data-label="Message">{delivery.transition.replaceAll('_', ' ')}</td>
            {hasRecipients && (
              <td className="anywhere" data-label="To">
                {delivery.recipient ?? 'all addresses'}
              </td>
            )}
            <td data-label="Status">{STATUS[delivery.status]}</td>
            <td className="anywhere" data-label="Last attempt">
              {lastAttempt(delivery)}
            </td>
            <td className="cell-actions">
              {(delivery.status === 'dead' || delivery.status === 'delivered') && (
                <button
                  type="button"
                  className="button"
                  onClick={() => again.mutate(delivery.id)}
                  disabled={again.isPending}
                >
                  Send again
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MonitorLink({ delivery: { monitorId, monitorName } }: { delivery: Delivery }) {
  if (monitorId === null || monitorName === null) return '–';
  return (
    <Link to="/monitors/$id" params={{ id: monitorId }}>
      {monitorName}
    </Link>
  );
}

function lastAttempt({ attempts, status }: Delivery): string {
  const last = attempts.at(-1);
  if (!last) return status === 'dropped' ? 'none' : 'none yet';
  const parts = [
    `attempt ${last.number}`,
    last.statusCode,
    last.durationMs === null ? null : formatMs(last.durationMs),
    last.error,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
