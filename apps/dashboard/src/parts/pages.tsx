import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';

/** The keys of the address that hold the cursors of lists. */
export type ListKey = 'cursor' | 'open' | 'resolved' | 'checks' | 'alerts' | 'deliveries';

interface PagesProps {
  readonly of: ListKey;
  readonly label: string;
  readonly nextCursor: string | null;
  readonly children: ReactNode;
}

/**
 * A page of a list, with the ways to its neighbours. Cursors lead forward only: the address holds that of this page, and its entry
 * in the history those of the pages before. Who opened the address elsewhere has no such entry, and gets back to the first page.
 */
export function Pages({ of, label, nextCursor, children }: PagesProps) {
  const { search, state } = useLocation();
  const cursor = search[of] ?? '';
  const earlier = state.earlier?.[of] ?? [];
  const isFirst = cursor === '';
  const to = (cursor: string, before: readonly string[]) => ({
    to: '.' as const,
    hash: of,
    search: (all: object) => ({ ...all, [of]: cursor || undefined }),
    state: { earlier: { ...state.earlier, [of]: before } },
    className: 'button',
  });
  return (
    <div className="paged" id={of}>
      {children}
      {!(isFirst && nextCursor === null) && (
        <nav className="pages" aria-label={label}>
          {!isFirst && earlier.length !== 1 && <Link {...to('', [])}>First page</Link>}
          {earlier.length > 0 && (
            <Link {...to(earlier.at(-1) ?? '', earlier.slice(0, -1))}>
              <Icon name="back" />
              Previous
            </Link>
          )}
          {nextCursor !== null && (
            <Link {...to(nextCursor, [...earlier, cursor])}>
              Next
              <Icon name="chevron" />
            </Link>
          )}
        </nav>
      )}
    </div>
  );
}

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Of each list, the cursors of the pages before the one that is shown. */
    readonly earlier?: Readonly<Partial<Record<ListKey, readonly string[]>>>;
  }
}
