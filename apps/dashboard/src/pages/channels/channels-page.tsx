import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '@gomon/client';
import { Icon } from '../../parts/icons.tsx';
import { Empty, Loaded, Page } from '../../parts/page.tsx';
import { channelsQuery } from '../../queries.ts';
import { destinationOf, KINDS } from './channel-kinds.ts';
import { NewChannel } from './new-channel.tsx';

export function ChannelsPage() {
  const query = useQuery(channelsQuery);
  const [adding, setAdding] = useState(false);
  const add = (
    <button
      type="button"
      className="button button-primary"
      onClick={() => setAdding(true)}
      disabled={adding}
    >
      <Icon name="plus" />
      New channel
    </button>
  );
  return (
    <Page title="Channels" note="Where GoMon sends alerts." actions={add}>
      {adding && <NewChannel onClose={() => setAdding(false)} />}
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No channels yet">
              <p>Until you add one, alerts appear only here.</p>
            </Empty>
          ) : (
            <ChannelTable channels={items} />
          )
        }
      </Loaded>
    </Page>
  );
}

function stateOf({ enabled, disabledReason, unconfirmed }: Schema<'Channel'>): string {
  if (!enabled) return disabledReason ?? 'Off';
  return unconfirmed.length > 0 ? 'Not confirmed' : 'On';
}

function ChannelTable({ channels }: { channels: readonly Schema<'Channel'>[] }) {
  return (
    <table className="table stack">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Kind</th>
          <th scope="col">Destination</th>
          <th scope="col">Alerts of</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {channels.map((channel) => (
          <tr key={channel.id}>
            <td className="cell-name">
              <Link to="/channels/$id" params={{ id: channel.id }} className="row-link">
                {channel.name}
              </Link>
            </td>
            <td data-label="Kind">{KINDS[channel.kind].label}</td>
            <td className="anywhere" data-label="Destination">
              {destinationOf(channel) || <span className="muted">not shown</span>}
            </td>
            <td data-label="Alerts of">{channel.default ? 'all monitors' : 'chosen monitors'}</td>
            <td data-label="State">{stateOf(channel)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
