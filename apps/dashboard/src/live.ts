import { readEvents, type LiveEvent } from '@gomon/client';
import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Overview } from './queries.ts';
import { watchedFetch } from './reachability.ts';
import { readSession } from './session.ts';

export type LiveState = 'connecting' | 'live' | 'polling';

const FLUSH_MS = 800;
const POLL_MS = 3000;
const RETRY_MS = 5000;

interface Changes {
  readonly monitors: Set<string>;
  alerts: boolean;
}

/** Keeps what is shown up to date: by the api's events, and by asking again and again while there are none. */
export function useLiveUpdates(): LiveState {
  const queryClient = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    const stopped = new AbortController();
    const changes: Changes = { monitors: new Set(), alerts: false };
    const timer = setInterval(() => flush(queryClient, changes), FLUSH_MS);
    void follow(stopped.signal, setState, queryClient, (event) => note(changes, event));
    return () => {
      stopped.abort();
      clearInterval(timer);
    };
  }, [queryClient]);
  return state;
}

/** Until `signal`: reads the events, and where they end or are refused polls for a while before it tries again. */
async function follow(
  signal: AbortSignal,
  setState: (state: LiveState) => void,
  queryClient: QueryClient,
  onEvent: (event: LiveEvent) => void,
): Promise<void> {
  while (!signal.aborted) {
    const began = Date.now();
    try {
      const headers = {
        authorization: `Bearer ${readSession()?.token ?? ''}`,
        accept: 'text/event-stream',
      };
      const { ok, body } = await watchedFetch('/v1/events', { headers, signal });
      if (ok && body) {
        setState('live');
        refreshAll(queryClient); // What happened while nobody listened.
        for await (const event of readEvents(body)) onEvent(event);
        if (Date.now() - began > RETRY_MS) continue; // The api ends a stream after some minutes: it is asked again.
      }
    } catch {
      // The connection broke or was refused; either way we poll and try again.
    }
    if (signal.aborted) return;
    setState('polling');
    await poll(signal, queryClient);
  }
}

async function poll(signal: AbortSignal, queryClient: QueryClient): Promise<void> {
  const until = Date.now() + RETRY_MS;
  while (Date.now() < until && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (!document.hidden && !signal.aborted) refreshAll(queryClient);
  }
}

const LIVE_KEYS = ['overview', 'monitor', 'alerts'];

function refreshAll(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => LIVE_KEYS.includes(String(queryKey[0])),
  });
}

function note(changes: Changes, { event, content }: LiveEvent): void {
  const { monitorId } = content as { monitorId?: string };
  if (monitorId) changes.monitors.add(monitorId);
  changes.alerts ||= event === 'alert' || event === 'stale';
}

function flush(queryClient: QueryClient, changes: Changes): void {
  if (changes.monitors.size === 0 || document.hidden) return;
  const { alerts } = changes;
  const monitors = new Set(changes.monitors);
  changes.monitors.clear();
  changes.alerts = false;
  void queryClient.invalidateQueries({ predicate: (query) => concerns(query, monitors, alerts) });
}

/** An alert, or what becomes stale, changes the totals of every list; a check only what shows its monitor. */
function concerns(
  { queryKey, state }: Query,
  monitors: ReadonlySet<string>,
  alerts: boolean,
): boolean {
  const [kind, id] = queryKey;
  if (kind === 'alerts') return alerts;
  if (kind === 'monitor') return monitors.has(String(id));
  if (kind !== 'overview') return false;
  return (
    alerts ||
    ((state.data as Overview | undefined)?.items ?? []).some((item) => monitors.has(item.id))
  );
}
