import { Problem } from '../problem.ts';
import type { PublicPage } from './public-page.ts';

const MOST_PAGES = 200;
/** A page that could not be read for longer is not shown. */
const KEPT_MS = 3_600_000;
/** Older knowledge says nothing about now. */
const KNOWN_MS = 60_000;

/**
 * Reads with `read`. While that fails, for example without the database, returns the page as last
 * read, with a notice that checks are delayed, and after a minute with an unknown status. `now` is
 * a monotonic clock in milliseconds.
 */
export function keepLastPages(
  read: (slug: string) => Promise<PublicPage>,
  now: () => number,
  onFailure: (error: Error) => void,
): (slug: string) => Promise<PublicPage> {
  const kept = new Map<string, { readonly page: PublicPage; readonly readAt: number }>();
  return async (slug) => {
    const last = kept.get(slug);
    try {
      const page = await read(slug);
      kept.delete(slug);
      kept.set(slug, { page, readAt: now() });
      const [oldest] = kept.keys();
      if (kept.size > MOST_PAGES && oldest !== undefined) kept.delete(oldest);
      return page;
    } catch (error) {
      const age = last ? now() - last.readAt : Infinity;
      if (error instanceof Problem) kept.delete(slug);
      if (error instanceof Problem || !last || age > KEPT_MS) throw error;
      onFailure(error instanceof Error ? error : new Error(String(error)));
      return age > KNOWN_MS ? forgotten(last.page) : { ...last.page, delayed: true };
    }
  };
}

/** The page without its current status. */
function forgotten(page: PublicPage): PublicPage {
  const groups = page.groups.map(({ name, entries }) => ({
    name,
    entries: entries.map((entry) =>
      entry.state === 'paused' ? entry : { ...entry, state: 'stale' as const, stale: true },
    ),
  }));
  return {
    ...page,
    groups,
    delayed: true,
    state: page.state === null || page.state === 'paused' ? page.state : 'stale',
  };
}
