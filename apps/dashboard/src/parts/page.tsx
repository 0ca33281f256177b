import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Refusal } from '../api.ts';

interface PageProps {
  readonly title: string;
  /** In place of the title in the heading. */
  readonly heading?: ReactNode;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly narrow?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, heading, note, actions, narrow = false, children }: PageProps) {
  return (
    <div className={narrow ? 'page page-narrow' : 'page'}>
      <title>{`${title} · GoMon`}</title>
      <header className="page-head">
        <div>
          <h1>{heading ?? title}</h1>
          {note && <div className="page-note">{note}</div>}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, note, actions, children }: SectionProps) {
  return (
    <section className="section">
      <header className="section-head">
        <h2>{title}</h2>
        {note && <span className="muted">{note}</span>}
        {actions && <div className="actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

interface LoadedProps<Content> {
  readonly query: UseQueryResult<Content>;
  /** Lines of the place that is kept while it loads. */
  readonly lines?: number;
  readonly children: (content: Content) => ReactNode;
}

/** What was asked for; until then its place, or what went wrong and a way to try again. */
export function Loaded<Content>({ query, lines = 4, children }: LoadedProps<Content>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} />
      ))}
    </div>
  );
}

export function Failed({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  return (
    <div className="notice notice-bad" role="alert">
      <p>{error instanceof Refusal ? error.message : 'Cannot reach the server.'}</p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <div>{children}</div>}
    </div>
  );
}
