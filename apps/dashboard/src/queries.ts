import { queryOptions } from '@tanstack/react-query';
import type { paths, Schema } from '@gomon/client';
import { api, ask } from './api.ts';

type Content<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

export type Overview = Content<'/v1/monitors/overview'>;
export type OverviewItem = Overview['items'][number];
export type RecentCheck = OverviewItem['recentChecks'][number];
export type Monitor = Schema<'Monitor'>;
export type Check = Schema<'Check'>;
export type Alert = Schema<'Alert'>;
export type Phases = NonNullable<Check['phases']>;
export type Latency = Content<'/v1/monitors/{id}/latency'>;
export type StatusPage = Schema<'StatusPage'>;
export type StatusMessage = Schema<'StatusMessage'>;

export const PERIODS = ['1h', '24h', '7d', '30d'] as const;
export type Period = (typeof PERIODS)[number];
export type MonitorState = Monitor['state']['status'];

export interface OverviewSearch {
  readonly q?: string | undefined;
  readonly state?: MonitorState | undefined;
  readonly tag?: string | undefined;
  readonly cursor?: string | undefined;
}

/** What no event tells of, or an event that was missed, is seen after this time. */
const SLOW_MS = 30_000;

export const overviewQuery = (search: OverviewSearch) =>
  queryOptions({
    queryKey: ['overview', search],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/v1/monitors/overview', { params: { query: { limit: 50, ...search } }, signal }),
      ),
    refetchInterval: SLOW_MS,
    placeholderData: (previous) => previous,
  });

export const tagsQuery = queryOptions({
  queryKey: ['tags'],
  queryFn: () => ask(api.GET('/v1/tags')),
});

export const monitorQuery = (id: string) =>
  queryOptions({
    queryKey: ['monitor', id, 'itself'],
    queryFn: () => ask(api.GET('/v1/monitors/{id}', path(id))),
  });

/** What the bar shows. */
export const checksQuery = (id: string) =>
  queryOptions({
    queryKey: ['monitor', id, 'checks'],
    queryFn: () =>
      ask(api.GET('/v1/monitors/{id}/checks', { params: { path: { id }, query: { limit: 90 } } })),
  });

export const checkPageQuery = (id: string, outcome?: Check['outcome'], cursor?: string) =>
  queryOptions({
    queryKey: ['monitor', id, 'check-page', outcome, cursor],
    queryFn: () => {
      const query = { limit: 30, ...(outcome && { outcome }), ...(cursor && { cursor }) };
      return ask(api.GET('/v1/monitors/{id}/checks', { params: { path: { id }, query } }));
    },
    placeholderData: (previous) => previous,
  });

export const monitorAlertsQuery = (id: string, cursor?: string) =>
  queryOptions({
    queryKey: ['monitor', id, 'alerts', cursor],
    queryFn: () =>
      ask(
        api.GET('/v1/monitors/{id}/alerts', {
          params: { path: { id }, query: { limit: 20, ...(cursor && { cursor }) } },
        }),
      ),
    placeholderData: (previous) => previous,
  });

export const statsQuery = (id: string, period: Period) =>
  queryOptions({
    queryKey: ['stats', id, period],
    queryFn: () =>
      ask(api.GET('/v1/monitors/{id}/stats', { params: { path: { id }, query: { period } } })),
    refetchInterval: SLOW_MS,
  });

export const latencyQuery = (id: string, period: Period) =>
  queryOptions({
    queryKey: ['latency', id, period],
    queryFn: () =>
      ask(api.GET('/v1/monitors/{id}/latency', { params: { path: { id }, query: { period } } })),
    refetchInterval: SLOW_MS,
    placeholderData: (previous) => previous,
  });

export const alertsQuery = (state: 'open' | 'resolved', cursor?: string) =>
  queryOptions({
    queryKey: ['alerts', state, cursor],
    queryFn: () =>
      ask(
        api.GET('/v1/alerts', {
          params: { query: { state, limit: 50, ...(cursor && { cursor }) } },
        }),
      ),
    refetchInterval: SLOW_MS,
    placeholderData: (previous) => previous,
  });

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: () => ask(api.GET('/v1/users/me')),
});

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: () => ask(api.GET('/v1/api-keys', { params: { query: { limit: 200 } } })),
});

export const statusQuery = queryOptions({
  queryKey: ['system'],
  queryFn: () => ask(api.GET('/v1/status')),
  refetchInterval: 10_000,
});

export const statusPagesQuery = queryOptions({
  queryKey: ['status-pages'],
  queryFn: () => ask(api.GET('/v1/status-pages', { params: { query: { limit: 200 } } })),
});

export const statusPageQuery = (id: string) =>
  queryOptions({
    queryKey: ['status-pages', id],
    queryFn: () => ask(api.GET('/v1/status-pages/{id}', path(id))),
  });

export const statusMessagesQuery = (id: string) =>
  queryOptions({
    queryKey: ['status-pages', id, 'messages'],
    queryFn: () =>
      ask(
        api.GET('/v1/status-pages/{id}/messages', {
          params: { path: { id }, query: { limit: 50 } },
        }),
      ),
  });

export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: () => ask(api.GET('/v1/channels', { params: { query: { limit: 200 } } })),
});

export const channelQuery = (id: string) =>
  queryOptions({
    queryKey: ['channels', id, 'itself'],
    queryFn: () => ask(api.GET('/v1/channels/{id}', path(id))),
  });

export const deliveriesQuery = (id: string, cursor?: string) =>
  queryOptions({
    queryKey: ['channels', id, 'deliveries', cursor],
    queryFn: () =>
      ask(
        api.GET('/v1/channels/{id}/deliveries', {
          params: { path: { id }, query: { limit: 50, ...(cursor && { cursor }) } },
        }),
      ),
    refetchInterval: 5000,
    placeholderData: (previous) => previous,
  });

export const maintenanceQuery = queryOptions({
  queryKey: ['maintenance'],
  queryFn: () => ask(api.GET('/v1/maintenance-windows', { params: { query: { limit: 200 } } })),
  refetchInterval: SLOW_MS,
});

export const maintenanceWindowQuery = (id: string) =>
  queryOptions({
    queryKey: ['maintenance', id],
    queryFn: () => ask(api.GET('/v1/maintenance-windows/{id}', path(id))),
  });

/** For choosing among them by name. */
export const monitorSearchQuery = (name: string) =>
  queryOptions({
    queryKey: ['monitor-names', 'search', name],
    queryFn: () =>
      ask(api.GET('/v1/monitors', { params: { query: { limit: 8, ...(name && { name }) } } })),
    placeholderData: (previous) => previous,
  });

const NAMES_AT_ONCE = 100;

/** What these are called, by their ids; those that are gone are left out. */
export const monitorNamesQuery = (ids: readonly string[]) => {
  const wanted = [...new Set(ids)].sort();
  return queryOptions({
    queryKey: ['monitor-names', 'of', wanted],
    queryFn: async () => {
      const parts = Array.from(
        { length: Math.ceil(wanted.length / NAMES_AT_ONCE) },
        (_, part) => part * NAMES_AT_ONCE,
      );
      const pages = await Promise.all(
        parts.map((from) => listOf(wanted.slice(from, from + NAMES_AT_ONCE))),
      );
      return new Map(
        pages.flatMap(({ items }) => items.map(({ id, name }) => [id, name] as const)),
      );
    },
    placeholderData: (previous) => previous,
    staleTime: 60_000,
  });
};

const listOf = (ids: readonly string[]) =>
  ask(api.GET('/v1/monitors', { params: { query: { limit: NAMES_AT_ONCE, ids: ids.join() } } }));

function path(id: string) {
  return { params: { path: { id } } };
}
