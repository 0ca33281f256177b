import { useSyncExternalStore } from 'react';
import { formatAge, formatDuration, formatMoment } from '../../format.ts';

const TICK_MS = 1000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all ages on the page. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export const useNow = () => useSyncExternalStore(subscribe, () => now);

/** "2 min. ago", with the moment itself on pointing. */
export function Age({ at }: { at: string | null }) {
  const current = useNow();
  if (at === null) return <span className="muted">never</span>;
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {formatAge(at, Math.max(current, Date.parse(at)))}
    </time>
  );
}

/** How long something has taken, or takes still. */
export function Lasting({ from, to }: { from: string; to: string | null }) {
  const current = useNow();
  return (
    <>{formatDuration(((to === null ? current : Date.parse(to)) - Date.parse(from)) / 1000)}</>
  );
}
