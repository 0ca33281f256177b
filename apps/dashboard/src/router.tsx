import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { ListKey } from './parts/pages.tsx';
import { NotFound, RouteError } from './pages/fallbacks.tsx';
import { Shell } from './pages/shell.tsx';
import { overviewQuery, type MonitorState, type OverviewSearch } from './queries.ts';
import { readSession } from './session.ts';

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const STATES: readonly MonitorState[] = ['up', 'down', 'paused', 'pending', 'stale'];

interface RouterContext {
  readonly queryClient: QueryClient;
}

/** The cursors of lists that the address of a page may hold. */
const cursors =
  <Key extends ListKey>(...keys: Key[]) =>
  (search: Record<string, unknown>) =>
    Object.fromEntries(keys.map((key) => [key, text(search[key])])) as {
      [Each in Key]?: string | undefined;
    };

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: ({
    from,
    ended,
  }: Record<string, unknown>): { from?: string | undefined; ended?: boolean | undefined } => ({
    from: text(from),
    ended: ended === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import('./pages/accounts/login-page.tsx'), 'LoginPage'),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/signup',
  component: lazyRouteComponent(() => import('./pages/accounts/sign-up-page.tsx'), 'SignUpPage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: ({ location }) => {
    if (readSession()) return;
    const from = location.pathname === '/' ? undefined : location.pathname;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how this router is told.
    throw redirect({ to: '/login', search: { from } });
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how this router is told.
    throw redirect({ to: '/monitors', replace: true });
  },
});

const monitors = createRoute({
  getParentRoute: () => shell,
  path: '/monitors',
  validateSearch: ({ q, state, tag, cursor }: Record<string, unknown>): OverviewSearch => ({
    q: text(q),
    state: STATES.find((each) => each === state),
    tag: text(tag),
    cursor: text(cursor),
  }),
  loaderDeps: ({ search }) => search,
  // Asked for while the page's code is still on its way, and when somebody points at a link to another page of it.
  loader: ({ deps, context: { queryClient } }) =>
    void queryClient.prefetchQuery(overviewQuery(deps)),
  component: lazyRouteComponent(() => import('./pages/monitors/monitors-page.tsx'), 'MonitorsPage'),
});

const newMonitor = createRoute({
  getParentRoute: () => shell,
  path: '/monitors/new',
  component: lazyRouteComponent(
    () => import('./pages/monitors/form/edit-monitor-page.tsx'),
    'NewMonitorPage',
  ),
});

const monitor = createRoute({
  getParentRoute: () => shell,
  path: '/monitors/$id',
  validateSearch: cursors('checks', 'alerts'),
  component: lazyRouteComponent(() => import('./pages/monitors/monitor-page.tsx'), 'MonitorPage'),
});

const editMonitor = createRoute({
  getParentRoute: () => shell,
  path: '/monitors/$id/edit',
  component: lazyRouteComponent(
    () => import('./pages/monitors/form/edit-monitor-page.tsx'),
    'EditMonitorPage',
  ),
});

const alerts = createRoute({
  getParentRoute: () => shell,
  path: '/alerts',
  validateSearch: cursors('open', 'resolved'),
  component: lazyRouteComponent(() => import('./pages/alerts/alerts-page.tsx'), 'AlertsPage'),
});

const channels = createRoute({
  getParentRoute: () => shell,
  path: '/channels',
  component: lazyRouteComponent(() => import('./pages/channels/channels-page.tsx'), 'ChannelsPage'),
});

const channel = createRoute({
  getParentRoute: () => shell,
  path: '/channels/$id',
  validateSearch: cursors('deliveries'),
  component: lazyRouteComponent(() => import('./pages/channels/channel-page.tsx'), 'ChannelPage'),
});

const editChannel = createRoute({
  getParentRoute: () => shell,
  path: '/channels/$id/edit',
  component: lazyRouteComponent(
    () => import('./pages/channels/edit-channel-page.tsx'),
    'EditChannelPage',
  ),
});

const maintenance = createRoute({
  getParentRoute: () => shell,
  path: '/maintenance',
  component: lazyRouteComponent(
    () => import('./pages/maintenance/maintenance-page.tsx'),
    'MaintenancePage',
  ),
});

const editMaintenance = createRoute({
  getParentRoute: () => shell,
  path: '/maintenance/$id/edit',
  component: lazyRouteComponent(
    () => import('./pages/maintenance/edit-maintenance-page.tsx'),
    'EditMaintenancePage',
  ),
});

const statusPages = createRoute({
  getParentRoute: () => shell,
  path: '/status-pages',
  component: lazyRouteComponent(
    () => import('./pages/status-pages/status-pages-page.tsx'),
    'StatusPagesPage',
  ),
});

const newStatusPage = createRoute({
  getParentRoute: () => shell,
  path: '/status-pages/new',
  component: lazyRouteComponent(
    () => import('./pages/status-pages/status-page-editor.tsx'),
    'NewStatusPage',
  ),
});

const statusPage = createRoute({
  getParentRoute: () => shell,
  path: '/status-pages/$id',
  component: lazyRouteComponent(
    () => import('./pages/status-pages/status-page-editor.tsx'),
    'EditStatusPage',
  ),
});

const apiKeys = createRoute({
  getParentRoute: () => shell,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('./pages/accounts/api-keys-page.tsx'), 'ApiKeysPage'),
});

const system = createRoute({
  getParentRoute: () => shell,
  path: '/system',
  component: lazyRouteComponent(() => import('./pages/system-page.tsx'), 'SystemPage'),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/accounts/account-page.tsx'), 'AccountPage'),
});

const inShell = [
  home,
  monitors,
  newMonitor,
  monitor,
  editMonitor,
  alerts,
  channels,
  channel,
  editChannel,
  maintenance,
  editMaintenance,
  statusPages,
  newStatusPage,
  statusPage,
  apiKeys,
  system,
  account,
];

export function createDashboardRouter(queryClient: QueryClient) {
  const routeTree = root.addChildren([login, signUp, shell.addChildren(inShell)]);
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPendingMs: 300,
    scrollRestoration: true,
    defaultErrorComponent: RouteError,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createDashboardRouter>;
  }
}
