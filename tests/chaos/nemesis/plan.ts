import type { Random } from '../random.ts';
import { LANES, type FaultKind } from './fault.ts';

export interface PlannedFault {
  readonly kind: FaultKind;
  readonly subject: string;
  /** Seconds from the beginning of the run to the beginning of the fault. */
  readonly at: number;
  readonly seconds: number;
}

/** Seconds between the end of a fault and the beginning of the next one in its lane. */
const PAUSE = [1.5, 5] as const;

/** What will happen, in the order of time: it follows from the seed and the length of the run alone. */
export function planFaults(
  kinds: readonly FaultKind[],
  minutes: number,
  random: Random,
): PlannedFault[] {
  const end = minutes * 60;
  return LANES.flatMap((lane) => {
    const own = kinds.filter((kind) => kind.lane === lane);
    return own.length > 0 ? planLane(own, end, random.branch(lane)) : [];
  }).toSorted((a, b) => a.at - b.at);
}

/** All kinds once in some order, then all of them once more, as long as there is time. */
function planLane(kinds: readonly FaultKind[], end: number, random: Random): PlannedFault[] {
  const planned: PlannedFault[] = [];
  let deck: FaultKind[] = [];
  for (let at = random.tenths(1, 3); at < end - 3;) {
    if (deck.length === 0) deck = shuffleEarlyFirst(kinds, random);
    const kind = deck.shift();
    if (!kind) break;
    if (kind.losesJobs && at > end / 2) {
      if (kinds.every((one) => one.losesJobs)) break;
      continue;
    }
    const seconds = Math.min(random.tenths(...kind.seconds), end - at);
    planned.push({
      kind,
      subject: random.pick(kind.subjects),
      at: round(at),
      seconds: round(seconds),
    });
    at += seconds + random.tenths(...PAUSE);
  }
  return planned;
}

/** What may happen in the first half only comes in the first half of the deck. */
function shuffleEarlyFirst(kinds: readonly FaultKind[], random: Random): FaultKind[] {
  const deck = random.shuffle(kinds.filter((kind) => !kind.losesJobs));
  for (const kind of random.shuffle(kinds.filter((one) => one.losesJobs)))
    deck.splice(random.whole(0, Math.floor(deck.length / 3)), 0, kind);
  return deck;
}

export function describePlan(plan: readonly PlannedFault[]): string[] {
  return plan.map(
    ({ at, seconds, kind, subject }) =>
      `${at.toFixed(1).padStart(7)} s  ${kind.name}: ${subject}, ${seconds.toFixed(1)} s`,
  );
}

const round = (seconds: number) => Math.round(seconds * 10) / 10;
