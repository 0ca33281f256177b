import type { Flow } from '../rig/flow.ts';
import type { Processes } from '../rig/processes.ts';
import type { Rig } from '../rig/rig.ts';

export interface CeilingOptions {
  /** The first rate that is tried, in checks a second. */
  readonly from: number;
  /** By how much the next one is more. */
  readonly step: number;
  /** How long each rate is tried for. */
  readonly seconds: number;
  readonly say: (line: string) => void;
}

const MOST_TRIALS = 24;
const SETTLE_MS = 2500;
/** In the few seconds of a trial the backlog goes up and down by more than in a minute. */
export const TOLERATED_IN_TRIAL = 0.05;
/** Between the rate that is kept up with and the one that is not. */
const PRECISION = 1.12;

/**
 * The ceiling of these probers and the rig: the highest rate, in checks a second, with which they kept up, of rates that grow step by
 * step until there is one with which they did not twice in a row, and of some between these two. Leaves nothing on the queues.
 */
export async function findCeiling(
  rig: Rig,
  probers: Processes,
  options: CeilingOptions,
): Promise<{ rate: number; flow: Flow }> {
  const { from, step, seconds, say } = options;
  let kept: { rate: number; flow: Flow } | null = null;
  let missed = Infinity;
  let failed = false;
  for (let trial = 1; trial <= MOST_TRIALS; trial++) {
    const rate = nextRate(kept?.rate ?? null, missed, { from, step });
    await rig.offer(rate);
    await rig.pause(SETTLE_MS);
    const flow = await rig.watch(probers, seconds);
    say(`  ${describe(rate, flow)}`);
    if (keepsUp(flow, rate, TOLERATED_IN_TRIAL)) {
      kept = { rate, flow };
      failed = false;
    } else {
      await rig.drain();
      if (failed) missed = rate;
      failed = !failed; // After the first time nothing has changed, and the next rate is the same.
    }
    if (kept && missed / kept.rate <= PRECISION) {
      await rig.drain();
      return kept;
    }
  }
  throw new Error(
    kept ? `the ceiling lies beyond ${Math.round(kept.rate)} checks/s` : 'no rate was kept up with',
  );
}

/** Up by steps until a rate was missed, or down until one was kept; then between the two. */
export function nextRate(
  kept: number | null,
  missed: number,
  { from, step }: Pick<CeilingOptions, 'from' | 'step'>,
): number {
  if (kept === null) return missed === Infinity ? from : missed / step;
  return missed === Infinity ? kept * step : Math.sqrt(kept * missed);
}

const MODEST_RATE = 300;

/** Offers 70 % of the ceiling, or, so as not to search for it, a rate that any machine can do. Resolves when the rig has reconciled. */
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
  return (
    flow.growth <= toleratedGrowth &&
    flow.checksPerSecond >= rate * (1 - toleratedGrowth - 1 / flow.seconds)
  );
}

export function describe(
  rate: number,
  { checksPerSecond, backlogSeconds, growth, busy }: Flow,
): string {
  return (
    `${Math.round(rate)} checks/s offered: ${Math.round(checksPerSecond)} done, backlog ${backlogSeconds.toFixed(2)} s of checks, ` +
    `growing by ${percent(growth)}, processors ${percent(busy)} busy`
  );
}

export const percent = (share: number) => `${Math.round(share * 100)} %`;
