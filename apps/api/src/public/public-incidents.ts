import type { PublicMonitor, Spell } from '@gomon/persistence';

export interface PublicIncident {
  readonly name: string;
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
  /** Whether it ended although no check saw the target recover. */
  readonly isUnseen: boolean;
}

/** The most past incidents listed per monitor. */
export const INCIDENTS_OF_A_MONITOR = 10;
/**
 * The most past incidents listed in total: the newest of each monitor before the second newest of
 * any.
 */
const MOST_PAST_INCIDENTS = 200;

/**
 * The outages to list: ongoing ones first, then past ones, newest first. Outages of a monitor that
 * is paused or under maintenance are hidden meanwhile.
 */
export function toIncidents(
  monitors: readonly PublicMonitor[],
  spells: readonly Spell[],
): PublicIncident[] {
  const shown = new Map(monitors.map((monitor) => [monitor.id, monitor]));
  const [open, past] = [spells.filter(isOpen), spells.filter((spell) => !isOpen(spell))];
  const goingOn = open.filter(({ monitorId }) => {
    const monitor = shown.get(monitorId);
    return monitor && monitor.status !== 'paused' && !monitor.maintenanceUntil;
  });
  return [...goingOn.sort(newestFirst), ...inFairShares(past).sort(newestFirst)].map(
    ({ monitorId, openedAt, resolvedAt, isUnseen = false }) => ({
      name: shown.get(monitorId)?.name ?? '',
      openedAt,
      resolvedAt,
      isUnseen,
    }),
  );
}

function inFairShares(spells: readonly Spell[]): Spell[] {
  const ranked = [...Map.groupBy(spells, ({ monitorId }) => monitorId).values()].flatMap((own) =>
    own.toSorted(newestFirst).map((spell, rank) => ({ spell, rank })),
  );
  const chosen = ranked
    .sort((a, b) => a.rank - b.rank || newestFirst(a.spell, b.spell))
    .slice(0, MOST_PAST_INCIDENTS);
  return chosen.map(({ spell }) => spell);
}

const isOpen = ({ resolvedAt }: Spell) => resolvedAt === null;
const newestFirst = (a: Spell, b: Spell) => b.openedAt.getTime() - a.openedAt.getTime();
