import type { StatusMessage } from '@gomon/domain';
import {
  findPublishedPage,
  readDays,
  readPublicMonitors,
  readSpells,
  type DayCount,
  type Db,
  type PublicMonitor,
  type Spell,
} from '@gomon/persistence';
import { createCache } from './cache.ts';
import { notFound } from './problem.ts';

/** How something shown to everybody was or is; of several, the worst counts, and the later is the worse. */
export const CONDITIONS = ['none', 'up', 'degraded', 'down'] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface PublicEntry {
  readonly name: string;
  readonly condition: Condition;
  /** Of each of the last 90 days (UTC), oldest first. */
  readonly days: readonly Condition[];
  /** Successes among successes and failures of these days; null without any. */
  readonly uptime: number | null;
}

export interface PublicIncident {
  readonly name: string;
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
}

/** All that a status page tells: names that were chosen for it, how they stand, and what its owner said. */
export interface PublicPage {
  readonly title: string;
  readonly description: string;
  readonly now: Date;
  readonly condition: Condition;
  readonly groups: readonly { readonly name: string; readonly entries: readonly PublicEntry[] }[];
  readonly messages: readonly StatusMessage[];
  /** Newest first. */
  readonly incidents: readonly PublicIncident[];
}

export const DAYS = 90;
/** Incidents and messages are told of for so long. */
const RECENT_DAYS = 14;
const DAY_MS = 86_400_000;
const MOST_SPELLS = 2000;
/** Past days hardly change, and are many rows. */
const HISTORY = { ttlMs: 600_000, maxKeys: 200 };

/** Reads the page of a slug as it is now. Throws `not_found` when there is none that is published. */
export function createPublicPageReader(db: Db, now: () => number): (slug: string) => Promise<PublicPage> {
  const historyOf = createCache({ ...HISTORY, now }, async (key) => {
    const [slug = '', , today = ''] = key.split(' ');
    const page = await findPublishedPage(db, slug, 0);
    if (!page) throw notFound();
    const monitors = await readPublicMonitors(db, page.userId, monitorIdsOf(page));
    return readDays(db, monitors, dayBefore(new Date(today), DAYS - 1), new Date(today));
  });

  return async (slug) => {
    const page = await findPublishedPage(db, slug, RECENT_DAYS);
    if (!page) throw notFound();
    const today = new Date(Math.floor(page.now.getTime() / DAY_MS) * DAY_MS);
    const monitors = await readPublicMonitors(db, page.userId, monitorIdsOf(page));
    const ids = monitors.map(({ id }) => id);
    const [history, counts, spells] = await Promise.all([
      historyOf(`${slug} ${page.version} ${today.toISOString()}`),
      readDays(db, monitors, today, page.now),
      readSpells(db, ids, dayBefore(today, DAYS - 1), MOST_SPELLS),
    ]);
    const entries = toEntries(monitors, [...history, ...counts], spells, today);
    const groups = page.groups.map(({ name, monitorIds }) => ({
      name,
      entries: monitorIds.flatMap((id) => entries.get(id) ?? []),
    }));
    const { title, description, messages } = page;
    const condition = worst(groups.flatMap((group) => group.entries.map((entry) => entry.condition)));
    const incidents = recentIncidents(monitors, spells, dayBefore(page.now, RECENT_DAYS));
    return { title, description, messages, now: page.now, condition, groups, incidents };
  };
}

function monitorIdsOf({ groups }: { groups: readonly { monitorIds: readonly string[] }[] }): string[] {
  return [...new Set(groups.flatMap(({ monitorIds }) => monitorIds))];
}

function toEntries(
  monitors: readonly PublicMonitor[],
  counts: readonly DayCount[],
  spells: readonly Spell[],
  today: Date,
): Map<string, PublicEntry> {
  const [countsOf, spellsOf] = [Map.groupBy(counts, (row) => row.monitorId), Map.groupBy(spells, (row) => row.monitorId)];
  return new Map(
    monitors.map((monitor) => {
      const own = countsOf.get(monitor.id) ?? [];
      const days = Array.from({ length: DAYS }, (_, i) =>
        conditionOfDay(dayBefore(today, DAYS - 1 - i), own, spellsOf.get(monitor.id) ?? []),
      );
      const [successes, failures] = [sum(own, 'successes'), sum(own, 'failures')];
      const uptime = successes + failures === 0 ? null : successes / (successes + failures);
      return [monitor.id, { name: monitor.name, condition: conditionOf(monitor), days, uptime }];
    }),
  );
}

function conditionOf({ paused, alerting, lastOutcome }: PublicMonitor): Condition {
  if (paused) return 'none';
  if (alerting) return 'down';
  if (lastOutcome === 'failure') return 'degraded';
  return lastOutcome === 'success' ? 'up' : 'none';
}

/** Down when an alert was open, degraded when checks failed otherwise. */
function conditionOfDay(day: Date, counts: readonly DayCount[], spells: readonly Spell[]): Condition {
  const end = new Date(day.getTime() + DAY_MS);
  if (spells.some(({ openedAt, resolvedAt }) => openedAt < end && (resolvedAt === null || resolvedAt >= day))) return 'down';
  const own = counts.filter((count) => count.day.getTime() === day.getTime());
  if (sum(own, 'failures') > 0) return 'degraded';
  return sum(own, 'successes') > 0 ? 'up' : 'none';
}

function recentIncidents(monitors: readonly PublicMonitor[], spells: readonly Spell[], since: Date): PublicIncident[] {
  const names = new Map(monitors.map(({ id, name }) => [id, name]));
  return spells
    .filter(({ resolvedAt }) => resolvedAt === null || resolvedAt >= since)
    .slice(0, 50)
    .map(({ monitorId, openedAt, resolvedAt }) => ({ name: names.get(monitorId) ?? '', openedAt, resolvedAt }));
}

function worst(conditions: readonly Condition[]): Condition {
  return CONDITIONS[Math.max(0, ...conditions.map((condition) => CONDITIONS.indexOf(condition)))] ?? 'none';
}

function sum(counts: readonly DayCount[], name: 'successes' | 'failures'): number {
  return counts.reduce((total, count) => total + count[name], 0);
}

function dayBefore(day: Date, days: number): Date {
  return new Date(day.getTime() - days * DAY_MS);
}
