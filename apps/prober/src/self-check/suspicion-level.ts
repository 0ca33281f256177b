/**
 * The suspicion that our own network is down: `none` means that failures are the targets' own,
 * `grave` that they are frequent enough for us to check our network.
 */
export type Level = 'none' | 'some' | 'grave';

/** Weighs failed connections against established ones. Times are `performance.now()`'s. */
export interface SuspicionLevel {
  tried(network: string, now: number): void;
  made(): void;
  failed(network: string, now: number): void;
  level(now: number): Level;
  /** It was not our network. */
  clear(): void;
}

/**
 * A mass of failures: this many more than connections outweigh, over this many networks, in at
 * least this time.
 */
export const MASS = { failures: 20, networks: 5, lastsMs: 3000 } as const;
const RECENTLY_MS = 60_000;
/** After this long without a failure, earlier failures are no part of a mass. */
const PAUSE_MS = 10_000;

export interface LevelOptions {
  readonly pauseMs?: number;
  /**
   * Also grave when everything tried lately fails, over this many networks. Infinity turns this
   * off.
   */
  readonly enoughIfAllFail?: number;
}

/**
 * An established connection outweighs `outweighs` failures; with 4, a mass needs more than 80 %
 * failures. A prober that tries too little, or too few networks, to ever see a mass never suspects
 * its network.
 */
export function createSuspicionLevel(
  outweighs: number,
  { pauseMs = PAUSE_MS, enoughIfAllFail = Infinity }: LevelOptions = {},
): SuspicionLevel {
  const failing = new Set<string>();
  const failingSinceMade = new Set<string>();
  const recent = createRecentTries();
  let excess = 0;
  let since = 0;
  let failedAt = -Infinity;
  let triedSince = Infinity;
  let haveAllFailed = false;
  const isMass = () => excess === MASS.failures && failing.size >= MASS.networks;
  return {
    tried(network, now) {
      triedSince = Math.min(triedSince, now);
      recent.add(network, now);
    },
    made: () => {
      excess = Math.max(0, excess - outweighs);
      failingSinceMade.clear();
      haveAllFailed = false;
    },
    failed(network, now) {
      if (excess === 0 || now - failedAt >= pauseMs) {
        excess = 0;
        since = now;
        failing.clear();
        failingSinceMade.clear();
      }
      failedAt = now;
      excess = Math.min(excess + 1, MASS.failures);
      failing.add(network);
      failingSinceMade.add(network);
      haveAllFailed =
        failingSinceMade.size >= enoughIfAllFail &&
        !isMass() &&
        recent.networks(now).isSubsetOf(failingSinceMade);
    },
    level(now) {
      if (excess === 0 || now - failedAt >= pauseMs) return 'none';
      // After a start it is not known yet how much will be tried.
      const isYoung = enoughIfAllFail !== Infinity && now - triedSince < pauseMs;
      if (!isYoung && !recent.couldBeMass(now) && recent.networks(now).size < enoughIfAllFail)
        return 'none';
      return (isMass() || haveAllFailed) && now - since >= MASS.lastsMs ? 'grave' : 'some';
    },
    clear: () => {
      excess = 0;
    },
  };
}

/** What was tried in the current minute and the one before. */
function createRecentTries() {
  const begin = (now: number) => ({ since: now, tries: 0, networks: new Set<string>() });
  let present = begin(0);
  let previous = present;

  function advance(now: number): void {
    if (now - present.since < RECENTLY_MS) return;
    previous = now - present.since < 2 * RECENTLY_MS ? present : begin(now);
    present = begin(now);
  }

  return {
    add(network: string, now: number): void {
      advance(now);
      present.tries++;
      present.networks.add(network);
    },
    networks(now: number): Set<string> {
      advance(now);
      return previous === present ? present.networks : present.networks.union(previous.networks);
    },
    couldBeMass(now: number): boolean {
      advance(now);
      return [present, previous].some(
        ({ tries, networks }) => tries >= MASS.failures && networks.size >= MASS.networks,
      );
    },
  };
}
