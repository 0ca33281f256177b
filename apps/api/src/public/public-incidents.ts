import type { PublicMonitor, Spell } from '@gomon/persistence';

export interface PublicIncident {
  readonly name: string;
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
  /** Whether it ended although no check saw the target recover. */
  readonly isUnseen: boolean;
}

/** So many that are over are listed of a monitor. */
export const INCIDENTS_OF_A_MONITOR = 10;
/** So many that are over are listed in all: the newest of each monitor before the second newest of any. */
const MOST_PAST_INCIDENTS = 200;

/**
 * The outages to list: first all that go on, then those that are over, newest first. One of a monitor that is in maintenance, or paused,
 * is not listed while it is.
 */
export function toIncidents(monitors: readonly PublicMonitor[], spells: readonly Spell[]): PublicIncident[] {
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
  const chosen = ranked.sort((a, b) => a.rank - b.rank || newestFirst(a.spell, b.spell)).slice(0, MOST_PAST_INCIDENTS);
  return chosen.map(({ spell }) => spell);
}

const isOpen = ({ resolvedAt }: Spell) => resolvedAt === null;
const newestFirst = (a: Spell, b: Spell) => b.openedAt.getTime() - a.openedAt.getTime();
