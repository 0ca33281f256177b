import { Link } from '@tanstack/react-router';
import { memo, useCallback, type Dispatch, type SetStateAction } from 'react';
import { formatMs, formatRatio } from '../../format.ts';
import { CheckBar } from '../../parts/charts/check-bar.tsx';
import { Tick } from '../../parts/states/tick.tsx';
import { Age } from '../../parts/states/now.tsx';
import { StateMark, StateTags, stateOf } from '../../parts/states/state.tsx';
import type { OverviewItem } from '../../queries.ts';

interface MonitorTableProps {
  readonly items: readonly OverviewItem[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: Dispatch<SetStateAction<ReadonlySet<string>>>;
}

export function MonitorTable({ items, selected, onSelect }: MonitorTableProps) {
  const chosen = items.filter(({ id }) => selected.has(id)).length;
  const all = chosen === 0 ? false : chosen === items.length ? true : 'indeterminate';
  const toggleAll = () => onSelect(new Set(all === true ? [] : items.map(({ id }) => id)));
  const toggle = useCallback(
    (id: string) => onSelect((before) => new Set(before).symmetricDifference(new Set([id]))),
    [onSelect],
  );
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
        {items.map((item, place) => (
          <MonitorRow key={place} item={item} selected={selected.has(item.id)} onToggle={toggle} />
        ))}
      </tbody>
    </table>
  );
}

interface MonitorRowProps {
  readonly item: OverviewItem;
  readonly selected: boolean;
  readonly onToggle: (id: string) => void;
}

/** Fifty of them are most of the page: a row changes with its monitor only, and the next page takes over the rows of this one. */
const MonitorRow = memo(function MonitorRow({ item, selected, onToggle }: MonitorRowProps) {
  return (
    <tr data-selected={selected || undefined}>
      <td className="cell-tick">
        <Tick label={`Select ${item.name}`} checked={selected} onChange={() => onToggle(item.id)} />
      </td>
      <td className="cell-state">
        <StateMark state={stateOf(item)} />
      </td>
      <td className="cell-name">
        <Link to="/monitors/$id" params={{ id: item.id }} className="row-link">
          {item.name}
        </Link>
        <StateTags state={item.state} />
        {item.tags.map((tag) => (
          <Link key={tag} to="/monitors" search={{ tag }} className="tag">
            {tag}
          </Link>
        ))}
        <span className="url" title={item.target}>
          {item.target.replace(/^https?:\/\//, '')}
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
});
