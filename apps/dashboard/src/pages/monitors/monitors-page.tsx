import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Icon } from '../../parts/icons.tsx';
import { Empty, Loaded, Page } from '../../parts/page.tsx';
import { Pages } from '../../parts/pages.tsx';
import { overviewQuery, type Overview, type OverviewSearch } from '../../queries.ts';
import { BulkActions } from './bulk-actions.tsx';
import { MonitorFilters } from './monitor-filters.tsx';
import { MonitorTable } from './monitor-table.tsx';

export function MonitorsPage() {
  const search = useSearch({ from: '/shell/monitors' });
  const query = useQuery(overviewQuery(search));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // Nothing is done with monitors that are not shown.
  useEffect(() => setSelected(new Set()), [search]);
  return (
    <Page
      title="Monitors"
      actions={
        <Link to="/monitors/new" className="button button-primary">
          <Icon name="plus" />
          New monitor
        </Link>
      }
    >
      <MonitorFilters search={search} totals={query.data?.totals} />
      <Loaded query={query} lines={8}>
        {(overview) =>
          overview.items.length === 0 ? (
            <Nothing search={search} totals={overview.totals} />
          ) : (
            <>
              <BulkActions selected={selected} onDone={() => setSelected(new Set())} />
              <Pages of="cursor" label="Pages of the list" nextCursor={overview.nextCursor}>
                <MonitorTable items={overview.items} selected={selected} onSelect={setSelected} />
              </Pages>
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function Nothing({ search, totals }: { search: OverviewSearch; totals: Overview['totals'] }) {
  const all = Object.values(totals).reduce((sum, count) => sum + count, 0);
  if (all > 0 || search.q || search.tag || search.state) {
    return (
      <Empty title="No monitors match">
        <Link to="/monitors" className="button">
          Show all
        </Link>
      </Empty>
    );
  }
  return (
    <Empty title="No monitors yet">
      <p>Add a URL. Its first result appears within seconds.</p>
      <Link to="/monitors/new" className="button button-primary">
        <Icon name="plus" />
        New monitor
      </Link>
    </Empty>
  );
}
