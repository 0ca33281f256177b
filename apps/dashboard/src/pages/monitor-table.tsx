import { Link } from '@tanstack/react-router';
import { formatMs, formatRatio } from '../format.ts';
import { CheckBar } from '../parts/check-bar.tsx';
import { Tick } from '../parts/tick.tsx';
import { Age } from '../parts/now.tsx';
import { StateMark, stateOf } from '../parts/state.tsx';
import type { OverviewItem } from '../queries.ts';

interface MonitorTableProps {
  readonly items: readonly OverviewItem[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

export function MonitorTable({ items, selected, onSelect }: MonitorTableProps) {
  const chosen = items.filter(({ id }) => selected.has(id)).length;
  const all = chosen === 0 ? false : chosen === items.length ? true : 'indeterminate';
  const toggleAll = () => onSelect(new Set(all === true ? [] : items.map(({ id }) => id)));
  const toggle = (id: string) => onSelect(new Set(selected).symmetricDifference(new Set([id])));
  return (
    <table className="table monitors">
      <thead>
        <tr>
          <th scope="col" className="cell-tick">
            <Tick label="Select all on this page" checked={all} onChange={toggleAll} />
          </th>
          <th scope="col">State</th>
          <th scope="col">Name</th>
          <th scope="col" className="cell-bar">
            Last 40 checks
          </th>
          <th scope="col" className="cell-number">
            Uptime 24 h
          </th>
          <th scope="col" className="cell-number">
            p95
          </th>
          <th scope="col" className="cell-number">
            Last check
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <MonitorRow key={item.id} item={item} selected={selected.has(item.id)} onToggle={() => toggle(item.id)} />
        ))}
      </tbody>
    </table>
  );
}

interface MonitorRowProps {
  readonly item: OverviewItem;
  readonly selected: boolean;
  readonly onToggle: () => void;
}

function MonitorRow({ item, selected, onToggle }: MonitorRowProps) {
  return (
    <tr data-selected={selected || undefined}>
      <td className="cell-tick">
        <Tick label={`Select ${item.name}`} checked={selected} onChange={onToggle} />
      </td>
      <td className="cell-state">
        <StateMark state={stateOf(item)} />
      </td>
      <td className="cell-name">
        <Link to="/monitors/$id" params={{ id: item.id }} className="row-link">
          {item.name}
        </Link>
        {item.tags.map((tag) => (
          <Link key={tag} to="/monitors" search={{ tag }} className="tag">
            {tag}
          </Link>
        ))}
        <span className="url" title={item.url}>
          {item.url.replace(/^https?:\/\//, '')}
        </span>
      </td>
      <td className="cell-bar">
        <CheckBar checks={item.recentChecks} />
      </td>
      <td className="cell-number" data-label="24 h">
        {formatRatio(item.uptime24h)}
      </td>
      <td className="cell-number" data-label="p95">
        {formatMs(item.p95Ms24h)}
      </td>
      <td className="cell-number cell-last muted">
        <Age at={item.state.lastSlot} />
      </td>
    </tr>
  );
}
