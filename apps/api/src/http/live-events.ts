import type { Outcome } from '@gomon/domain';
import {
  listLiveCredentials,
  listMonitorNews,
  listOpenAlerts,
  type Db,
  type MonitorNews,
  type OpenAlert,
} from '@gomon/persistence';

/** Events that a user gets as they happen. */
export type LiveEvent =
  | { readonly event: 'check'; readonly data: { monitorId: string; slot: Date; outcome: Outcome } }
  | { readonly event: 'stale'; readonly data: { monitorId: string; stale: boolean } }
  | {
      readonly event: 'alert';
      readonly data: {
        alertId: string;
        monitorId: string;
        state: 'open' | 'acknowledged' | 'resolved';
      };
    };

export interface Listener {
  readonly ownerId: string;
  /** The session or API key of the listener. */
  readonly credentialId: string;
  /** Called after every poll, also without news. */
  readonly tell: (events: readonly LiveEvent[]) => void;
  /** Called instead once that session or key has ended; no event follows. */
  readonly end: () => void;
}

export interface LiveEvents {
  /**
   * Sends the listener changes from the first call on. Returns a function to leave; null when there
   * are too many listeners.
   */
  join(listener: Listener): (() => void) | null;
  stop(): void;
}

/** What was last seen of a user; null before the first poll. */
interface Watch {
  readonly listeners: Set<Listener>;
  seen: Seen | null;
}

interface Seen {
  readonly checks: ReadonlyMap<string, NonNullable<MonitorNews['check']>>;
  readonly stale: ReadonlySet<string>;
  readonly alerts: ReadonlyMap<string, OpenAlert>;
}

const MAX_LISTENERS_PER_USER = 20;
const MAX_LISTENERS = 2000;
/** Checks stored later than this after their slot are not sent. */
const LOOK_BACK_SECONDS = 120;
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 10_000;
/** Polling takes at most a tenth of the time. */
const PAUSE_RATIO = 9;

/**
 * Polls the database once a second for all listeners of this process together, and only while there
 * are any. Keeps nothing that another process needs, so any number of processes may run.
 */
export function createLiveEvents(db: Db, onFailure: (error: Error) => void): LiveEvents {
  const watches = new Map<string, Watch>();
  let timer: NodeJS.Timeout | null = null;
  let looking = false;

  const look = async () => {
    const ownerIds = [...watches.keys()];
    const credentialIds = new Set([...watches.values()].flatMap(credentialsOf));
    const { newsOf, alertsOf, hasEnded } = await readChanges(db, ownerIds, credentialIds);
    for (const ownerId of ownerIds) {
      const watch = watches.get(ownerId);
      if (!watch) continue;
      const now = see(newsOf.get(ownerId) ?? [], alertsOf.get(ownerId) ?? []);
      const events = watch.seen ? compare(watch.seen, now) : [];
      watch.seen = now;
      for (const listener of watch.listeners) {
        if (hasEnded(listener)) listener.end();
        else listener.tell(events);
      }
    }
  };
  const run = async () => {
    timer = null;
    looking = true;
    const begin = performance.now();
    await look().catch((error: unknown) =>
      onFailure(error instanceof Error ? error : new Error(String(error))),
    );
    looking = false;
    plan(Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, PAUSE_RATIO * (performance.now() - begin))));
  };
  const plan = (delayMs: number) => {
    if (!timer && !looking && watches.size > 0)
      timer = setTimeout(() => void run(), delayMs).unref();
  };
  const leave = (watch: Watch, listener: Listener) => {
    watch.listeners.delete(listener);
    if (watch.listeners.size === 0 && watches.get(listener.ownerId) === watch)
      watches.delete(listener.ownerId);
  };

  return {
    join(listener) {
      const { ownerId } = listener;
      const watch = watches.get(ownerId) ?? { listeners: new Set(), seen: null };
      const all = [...watches.values()].reduce((sum, { listeners }) => sum + listeners.size, 0);
      if (watch.listeners.size >= MAX_LISTENERS_PER_USER || all >= MAX_LISTENERS) return null;
      watches.set(ownerId, watch);
      watch.listeners.add(listener);
      plan(0);
      return () => leave(watch, listener);
    },
    stop() {
      watches.clear();
      if (timer) clearTimeout(timer);
    },
  };
}

/** What changed for these owners, by owner, and whose credential has ended. */
async function readChanges(
  db: Db,
  ownerIds: readonly string[],
  credentialIds: ReadonlySet<string>,
) {
  const [news, alerts, live] = await Promise.all([
    listMonitorNews(db, ownerIds, LOOK_BACK_SECONDS),
    listOpenAlerts(db, ownerIds),
    listLiveCredentials(db, [...credentialIds]),
  ]);
  return {
    newsOf: Map.groupBy(news, (row) => row.ownerId),
    alertsOf: Map.groupBy(alerts, (row) => row.ownerId),
    hasEnded: ({ credentialId }: Listener) =>
      credentialIds.has(credentialId) && !live.has(credentialId),
  };
}

function credentialsOf(watch: Watch): string[] {
  return [...watch.listeners].map(({ credentialId }) => credentialId);
}

function see(news: readonly MonitorNews[], alerts: readonly OpenAlert[]): Seen {
  return {
    checks: new Map(
      news.flatMap(({ monitorId, check }) => (check ? [[monitorId, check] as const] : [])),
    ),
    stale: new Set(news.filter(({ stale }) => stale).map(({ monitorId }) => monitorId)),
    alerts: new Map(alerts.map((alert) => [alert.alertId, alert])),
  };
}

function compare(seen: Seen, now: Seen): LiveEvent[] {
  const newer = [...now.checks].filter(([id, { slot }]) => slot > (seen.checks.get(id)?.slot ?? 0));
  const changed = [...now.alerts.values()].filter(
    ({ alertId, acknowledged }) => seen.alerts.get(alertId)?.acknowledged !== acknowledged,
  );
  const resolved = [...seen.alerts.values()].filter(({ alertId }) => !now.alerts.has(alertId));
  return [
    ...newer.map(([monitorId, check]) => ({
      event: 'check' as const,
      data: { monitorId, ...check },
    })),
    ...[...now.stale.difference(seen.stale)].map((monitorId) => staleEvent(monitorId, true)),
    ...[...seen.stale.difference(now.stale)].map((monitorId) => staleEvent(monitorId, false)),
    ...changed.map((alert) => alertEvent(alert, alert.acknowledged ? 'acknowledged' : 'open')),
    ...resolved.map((alert) => alertEvent(alert, 'resolved')),
  ];
}

function staleEvent(monitorId: string, stale: boolean): LiveEvent {
  return { event: 'stale', data: { monitorId, stale } };
}

function alertEvent(
  { alertId, monitorId }: OpenAlert,
  state: 'open' | 'acknowledged' | 'resolved',
): LiveEvent {
  return { event: 'alert', data: { alertId, monitorId, state } };
}
