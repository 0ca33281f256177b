import { cyclesEndInTime, type MaintenanceSpan, type StatusMessage } from '@gomon/domain';
import {
  findPublishedPage,
  readDays,
  readNewestSpells,
  readPlannedMaintenance,
  readPublicMonitors,
  readSpells,
  readStatus,
  type DayCount,
  type Db,
  type PlannedMaintenance,
  type PublicMonitor,
  type PublishedPage,
  type Spell,
} from '@gomon/persistence';
import { createCache } from '../http/cache.ts';
import { notFound } from '../problem.ts';
import {
  conditionOfDay,
  DAY_MS,
  overallState,
  stateOf,
  uptimeOf,
  type Condition,
  type PublicState,
} from './public-condition.ts';
import { INCIDENTS_OF_A_MONITOR, toIncidents, type PublicIncident } from './public-incidents.ts';

export interface PublicEntry {
  readonly name: string;
  readonly state: PublicState;
  readonly stale: boolean;
  readonly maintenanceUntil: Date | null;
  readonly lastKnownSlot: Date | null;
  /** For each of the last 90 days (UTC), oldest first. */
  readonly days: readonly Condition[];
  /** Successes among successes and failures of these days; null without any. */
  readonly uptime: number | null;
}

export interface PublicMaintenance {
  readonly name: string;
  /** Monitors on the page; null when it concerns all of them. */
  readonly monitor: string | null;
  readonly spans: readonly MaintenanceSpan[];
}

/** Everything a status page shows: names chosen for it, statuses, and its owner's messages. */
export interface PublicPage {
  readonly title: string;
  readonly description: string;
  readonly now: Date;
  /** Null when it shows no monitor. */
  readonly state: PublicState | null;
  /** Whether checks are late, or that is unknown. */
  readonly delayed: boolean;
  readonly groups: readonly { readonly name: string; readonly entries: readonly PublicEntry[] }[];
  readonly messages: readonly StatusMessage[];
  readonly maintenance: readonly PublicMaintenance[];
  /** Current ones first, then newest first. */
  readonly incidents: readonly PublicIncident[];
}

export const DAYS = 90;
/** How long incidents and messages are shown. */
const RECENT_DAYS = 14;
/** Past days hardly change, and are many rows. */
const HISTORY = { ttlMs: 600_000, maxKeys: 200 };

/** Reads the current page of a slug. Throws `not_found` when no such page is published. */
export function createPublicPageReader(
  db: Db,
  now: () => number,
): (slug: string) => Promise<PublicPage> {
  const historyOf = createCache({ ...HISTORY, now }, async (key) => {
    const [slug = '', , today = ''] = key.split(' ');
    const page = await findPublishedPage(db, slug, 0);
    if (!page) throw notFound();
    const monitors = await readPublicMonitors(db, page.ownerId, monitorIdsOf(page));
    return readHistory(db, monitors, dayBefore(new Date(today), DAYS - 1), new Date(today));
  });

  return async (slug) => {
    const page = await findPublishedPage(db, slug, RECENT_DAYS);
    if (!page) throw notFound();
    const today = new Date(Math.floor(page.now.getTime() / DAY_MS) * DAY_MS);
    const monitors = await readPublicMonitors(db, page.ownerId, monitorIdsOf(page));
    const ids = monitors.map(({ id }) => id);
    const [past, sinceMidnight, newest, planned, status] = await Promise.all([
      historyOf(`${slug} ${page.version} ${today.toISOString()}`),
      readHistory(db, monitors, today, page.now),
      readNewestSpells(db, ids, dayBefore(page.now, RECENT_DAYS), INCIDENTS_OF_A_MONITOR),
      readPlannedMaintenance(db, page.ownerId, ids),
      readStatus(db),
    ]);
    const history = {
      counts: [...past.counts, ...sinceMidnight.counts],
      spells: [...past.spells, ...sinceMidnight.spells],
    };
    return {
      ...toPage(page, monitors, history, today),
      delayed: !cyclesEndInTime(status),
      ...toNews(monitors, newest, planned),
    };
  };
}

interface History {
  readonly counts: readonly DayCount[];
  readonly spells: readonly Spell[];
}

/** For the days from that of `from` on, before `to`. */
async function readHistory(
  db: Db,
  monitors: readonly PublicMonitor[],
  from: Date,
  to: Date,
): Promise<History> {
  const ids = monitors.map(({ id }) => id);
  const [counts, spells] = await Promise.all([
    readDays(db, monitors, from, to),
    readSpells(db, ids, from, to),
  ]);
  return { counts, spells };
}

function toPage(
  page: PublishedPage,
  monitors: readonly PublicMonitor[],
  history: History,
  today: Date,
) {
  const { title, description, messages, now } = page;
  const entries = toEntries(monitors, history, today);
  const groups = page.groups.map(({ name, monitorIds }) => ({
    name,
    entries: monitorIds.flatMap((id) => entries.get(id) ?? []),
  }));
  return { title, description, messages, now, groups, state: overallState(monitors.map(stateOf)) };
}

function toNews(
  monitors: readonly PublicMonitor[],
  newest: readonly Spell[],
  planned: readonly PlannedMaintenance[],
) {
  const names = new Map(monitors.map(({ id, name }) => [id, name]));
  const maintenance = planned.map(({ name, monitorId, spans }) => ({
    name,
    monitor: monitorId === null ? null : (names.get(monitorId) ?? null),
    spans,
  }));
  return {
    incidents: toIncidents(monitors, newest),
    maintenance: monitors.length === 0 ? [] : maintenance,
  };
}

function monitorIdsOf({
  groups,
}: {
  groups: readonly { monitorIds: readonly string[] }[];
}): string[] {
  return [...new Set(groups.flatMap(({ monitorIds }) => monitorIds))];
}

function toEntries(
  monitors: readonly PublicMonitor[],
  history: History,
  today: Date,
): Map<string, PublicEntry> {
  const countsOf = Map.groupBy(history.counts, (row) => row.monitorId);
  const spellsOf = Map.groupBy(history.spells, (row) => row.monitorId);
  return new Map(
    monitors.map((monitor) => {
      const own = countsOf.get(monitor.id) ?? [];
      const days = Array.from({ length: DAYS }, (_, i) =>
        conditionOfDay(dayBefore(today, DAYS - 1 - i), own, spellsOf.get(monitor.id) ?? []),
      );
      const { name, stale, maintenanceUntil, lastKnownSlot } = monitor;
      return [
        monitor.id,
        {
          name,
          stale,
          maintenanceUntil,
          lastKnownSlot,
          state: stateOf(monitor),
          days,
          uptime: uptimeOf(own),
        },
      ];
    }),
  );
}

function dayBefore(day: Date, days: number): Date {
  return new Date(day.getTime() - days * DAY_MS);
}
