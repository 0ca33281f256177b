import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { Dialog, DropdownMenu } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import { api } from '../api.ts';
import { useLiveUpdates } from '../live.ts';
import { Brand } from '../parts/brand.tsx';
import { Icon, type IconName } from '../parts/icons.tsx';
import { alertsQuery } from '../queries.ts';
import { forgetSession, readSession } from '../session.ts';
import { applyTheme, readTheme, THEMES, type Theme } from '../theme.ts';
import { HealthBanner, useShownLive, type ShownLive } from './health-banner.tsx';

const NAVIGATION = [
  ['/monitors', 'Monitors', 'monitors'],
  ['/alerts', 'Alerts', 'alerts'],
  ['/channels', 'Channels', 'channels'],
  ['/maintenance', 'Maintenance', 'maintenance'],
  ['/status-pages', 'Status pages', 'pages'],
  ['/api-keys', 'API keys', 'keys'],
  ['/system', 'System', 'system'],
] as const satisfies readonly (readonly [string, string, IconName])[];

const DOCS_URL = import.meta.env.VITE_DOCS_URL as string | undefined;

/** The docs site where the build names one, and otherwise what the api itself serves. */
const DOCS = DOCS_URL
  ? { href: DOCS_URL, label: 'Documentation' }
  : { href: '/docs', label: 'API documentation' };

/** What stands around every page of somebody who is logged in. */
export function Shell() {
  const { pathname } = useLocation();
  const live = useShownLive(useLiveUpdates());
  const main = useRef<HTMLElement>(null);
  const [menuOpen, setMenuOpen] = useState(false);
  const first = useRef(true);
  useEffect(() => {
    setMenuOpen(false);
    // Screen-reader users hear the new page because focus moves to it.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [pathname]);
  return (
    <div className="shell" data-lost={live === 'lost' || undefined}>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="topbar">
        <Brand />
        <Dialog.Root open={menuOpen} onOpenChange={setMenuOpen}>
          <Dialog.Trigger className="button-icon" aria-label="Menu">
            <Icon name="menu" />
          </Dialog.Trigger>
          <Dialog.Portal>
            <Dialog.Overlay className="overlay" />
            <Dialog.Content className="drawer" aria-describedby={undefined}>
              <Dialog.Title className="hidden">Menu</Dialog.Title>
              <Side live={live} />
            </Dialog.Content>
          </Dialog.Portal>
        </Dialog.Root>
      </header>
      <aside className="side">
        <Brand />
        <Side live={live} />
      </aside>
      <main id="main" ref={main} tabIndex={-1}>
        <HealthBanner />
        <Outlet />
      </main>
    </div>
  );
}

function Side({ live }: { live: ShownLive }) {
  const alerts = useQuery(alertsQuery('open')).data;
  const open = alerts?.items.length ?? 0;
  const count = alerts?.nextCursor ? `${open}+` : String(open);
  return (
    <>
      <nav aria-label="Main">
        {NAVIGATION.map(([to, label, icon]) => (
          <Link
            key={to}
            to={to}
            className="nav-link"
            activeProps={{ className: 'nav-link active' }}
          >
            <Icon name={icon} />
            {label}
            {to === '/alerts' && open > 0 && (
              <span className="count" aria-label={`${count} open`}>
                {count}
              </span>
            )}
          </Link>
        ))}
      </nav>
      <div className="side-foot">
        <Live state={live} />
        <ThemeMenu />
        <a className="nav-link" href={DOCS.href} target="_blank" rel="noreferrer">
          <Icon name="external" />
          {DOCS.label}
        </a>
        <Link to="/account" className="nav-link" activeProps={{ className: 'nav-link active' }}>
          <Icon name="account" />
          <span className="clip">{readSession()?.username ?? 'Account'}</span>
        </Link>
        <LogOut />
      </div>
    </>
  );
}

const LIVE_TEXTS: Record<ShownLive, string> = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Refreshing every 3 s',
  late: 'Checks are late',
  lost: 'Offline, retrying',
};

function Live({ state }: { state: ShownLive }) {
  return (
    <p className={`live live-${state}`} role="status">
      <span className="live-dot" />
      {LIVE_TEXTS[state]}
    </p>
  );
}

const THEME_LABELS: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' };

function ThemeMenu() {
  const [theme, setTheme] = useState(readTheme);
  const choose = (value: string) => {
    applyTheme(value as Theme);
    setTheme(value as Theme);
  };
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="nav-link">
        <Icon name="theme" />
        Theme: {THEME_LABELS[theme].toLowerCase()}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="start" sideOffset={4}>
          <DropdownMenu.RadioGroup value={theme} onValueChange={choose}>
            {THEMES.map((each) => (
              <DropdownMenu.RadioItem key={each} value={each} className="menu-item">
                {THEME_LABELS[each]}
                <DropdownMenu.ItemIndicator>
                  <Icon name="check" />
                </DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function LogOut() {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const logOut = async () => {
    await api.DELETE('/v1/sessions/current').catch(() => undefined); // Offline, too, the token is forgotten here.
    forgetSession();
    queryClient.clear();
    await navigate({ to: '/login' });
  };
  return (
    <button type="button" className="nav-link" onClick={() => void logOut()}>
      <Icon name="out" />
      Log out
    </button>
  );
}
