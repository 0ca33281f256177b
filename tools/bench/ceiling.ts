import type { Flow } from './flow.ts';
import type { Processes } from './processes.ts';
import type { Rig } from './rig.ts';

export interface CeilingOptions {
  /** The first rate that is tried, in checks a second. */
  readonly from: number;
  /** By how much the next one is more. */
  readonly step: number;
  /** How long each rate is tried for. */
  readonly seconds: number;
  readonly say: (line: string) => void;
}

const MOST_TRIALS = 20;
const SETTLE_MS = 2500;
/** In the few seconds of a trial the backlog goes up and down by more than in a minute. */
export const TOLERATED_IN_TRIAL = 0.05;

/**
 * About how many checks a second these probers and the rig can do: the most that they did of rates that grow step by step, until there
 * is one with which they did not keep up twice in a row. Leaves nothing on the queues.
 */
export async function findCeiling(rig: Rig, probers: Processes, options: CeilingOptions): Promise<{ rate: number; flow: Flow }> {
  let rate = options.from;
  let failed = false;
  let best: Flow | null = null;
  for (let trial = 1; trial <= MOST_TRIALS; trial++) {
    await rig.offer(rate);
    await rig.pause(SETTLE_MS);
    const flow = await rig.watch(probers, options.seconds);
    options.say(`  ${describe(rate, flow)}`);
    if (!best || flow.checksPerSecond > best.checksPerSecond) best = flow;
    if (keepsUp(flow, rate, TOLERATED_IN_TRIAL)) {
      failed = false;
      rate *= options.step;
      continue;
    }
    await rig.drain();
    if (failed) return { rate: best.checksPerSecond, flow: best };
    failed = true;
  }
  throw new Error(`the ceiling lies beyond ${Math.round(rate)} checks/s`);
}

const MODEST_RATE = 300;

/** Offers 70 % of the ceiling, or, so as not to search for it, a rate that any machine can do. Resolves when the rig has settled. */
export async function offerUsualLoad(
  rig: Rig,
  probers: Processes,
  { reduced, say }: { reduced: boolean; say: (line: string) => void },
): Promise<number> {
  const search = { from: 800, step: 1.4, seconds: 6, say };
  const rate = reduced ? MODEST_RATE : 0.7 * (await findCeiling(rig, probers, search)).rate;
  await rig.offer(rate);
  await rig.pause(SETTLE_MS);
  return rate;
}

/** The span may miss a second's checks at either end. */
export function keepsUp(flow: Flow, rate: number, toleratedGrowth: number): boolean {
  return flow.growth <= toleratedGrowth && flow.checksPerSecond >= rate * (1 - toleratedGrowth - 1 / flow.seconds);
}

export function describe(rate: number, { checksPerSecond, backlogSeconds, growth, busy }: Flow): string {
  return (
    `${Math.round(rate)} checks/s offered: ${Math.round(checksPerSecond)} done, backlog ${backlogSeconds.toFixed(2)} s of checks, ` +
    `growing by ${percent(growth)}, processors ${percent(busy)} busy`
  );
}

export const percent = (share: number) => `${Math.round(share * 100)} %`;
