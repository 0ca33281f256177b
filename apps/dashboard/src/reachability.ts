import { useSyncExternalStore } from 'react';

/** Whether the last request found GoMon, and when it last answered. */
export interface Reachability {
  readonly isLost: boolean;
  /** Milliseconds since the epoch; null before the first answer. */
  readonly answeredAt: number | null;
}

let current: Reachability = { isLost: false, answeredAt: null };
const listeners = new Set<() => void>();

function change(next: Reachability): void {
  const hasChanged = next.isLost !== current.isLost;
  current = next;
  if (hasChanged) for (const each of listeners) each();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useReachability = () => useSyncExternalStore(subscribe, () => current);

/** As `fetch`, and notes whether GoMon answers: a proxy or an API without its database has nothing to show. */
export async function watchedFetch(input: string | Request, init?: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, init);
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    if (method === 'GET')
      change(
        isAway(response) ? { ...current, isLost: true } : { isLost: false, answeredAt: Date.now() },
      );
    return response;
  } catch (error) {
    const isOwnWish = error instanceof DOMException && error.name === 'AbortError';
    if (!isOwnWish) change({ ...current, isLost: true });
    throw error;
  }
}

const isAway = ({ status }: Response) => status >= 502 && status <= 504;
