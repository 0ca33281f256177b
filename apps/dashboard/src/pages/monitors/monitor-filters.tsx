import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { formatNumber } from '../../format.ts';
import { Icon } from '../../parts/icons.tsx';
import { tagsQuery, type MonitorState, type Overview, type OverviewSearch } from '../../queries.ts';

const STATES = [
  'down',
  'stale',
  'up',
  'pending',
  'paused',
] as const satisfies readonly MonitorState[];
const TYPING_MS = 250;

interface MonitorFiltersProps {
  readonly search: OverviewSearch;
  readonly totals: Overview['totals'] | undefined;
}

export function MonitorFilters({ search, totals }: MonitorFiltersProps) {
  const all = totals && Object.values(totals).reduce((sum, count) => sum + count, 0);
  return (
    <div className="filters">
      <SearchBox key={search.q === undefined ? 'empty' : 'given'} search={search} />
      <nav className="segments" aria-label="By state">
        <StateLink search={search} state={undefined} label="All" count={all} />
        {STATES.map((state) => (
          <StateLink
            key={state}
            search={search}
            state={state}
            label={state}
            count={totals?.[state]}
          />
        ))}
      </nav>
      <TagChoice search={search} />
    </div>
  );
}

function SearchBox({ search }: { search: OverviewSearch }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search.q ?? '');
  useEffect(() => {
    const q = typed.trim() || undefined;
    if (q === search.q) return;
    const timer = setTimeout(() => {
      void navigate({
        to: '/monitors',
        search: { ...search, q, cursor: undefined },
        replace: true,
      });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, search, navigate]);
  return (
    <label className="search">
      <span className="hidden">Search by name or URL</span>
      <Icon name="search" />
      <input
        className="input"
        type="search"
        placeholder="Search"
        autoFocus={search.q !== undefined}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}

interface StateLinkProps {
  readonly search: OverviewSearch;
  readonly state: MonitorState | undefined;
  readonly label: string;
  readonly count: number | undefined;
}

function StateLink({ search, state, label, count }: StateLinkProps) {
  return (
    <Link
      to="/monitors"
      search={{ ...search, state, cursor: undefined }}
      className="segment"
      activeOptions={{ exact: true, includeSearch: true }}
    >
      {label}{' '}
      <span className="segment-count">{count === undefined ? '' : formatNumber(count)}</span>
    </Link>
  );
}

function TagChoice({ search }: { search: OverviewSearch }) {
  const navigate = useNavigate();
  const tags = useQuery(tagsQuery).data?.items ?? [];
  if (tags.length === 0 && !search.tag) return null;
  const choose = (tag: string) =>
    void navigate({
      to: '/monitors',
      search: { ...search, tag: tag || undefined, cursor: undefined },
    });
  return (
    <label>
      <span className="hidden">Tag</span>
      <select
        className="input"
        value={search.tag ?? ''}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">All tags</option>
        {tags.map(({ tag, monitors }) => (
          <option key={tag} value={tag}>
            {`${tag} (${formatNumber(monitors)})`}
          </option>
        ))}
      </select>
    </label>
  );
}
