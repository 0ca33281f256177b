// What a second and further schedulers give on this machine, each with its share of the shards and a separate window cache.
// Probers without network leave the processors to the rest.
import { cpus } from 'node:os';
import { median, type Benchmark } from '../benchmark.ts';
import { findCeiling, percent } from '../figures/ceiling.ts';
import { startRig } from '../rig/rig.ts';

const SHARD_COUNT = 16;
const INTERVAL_SECONDS = 10;
const PROBERS = 2;

export const benchmark: Benchmark = async function* ({ reduced, runs, say, signal }) {
  let alone = NaN;
  for (const schedulers of reduced ? [1, 2] : [1, 2, 4]) {
    const options = { reduced, schedulers, runs, say, signal };
    const { rates, limits } = await ceilings(options);
    const rate = median(rates);
    if (schedulers === 1) alone = rate;
    yield {
      what: `${schedulers} × scheduler and window cache`,
      value: rate,
      unit: 'checks/s',
      note: limits,
    };
    if (schedulers > 1)
      yield { what: `${schedulers} against 1`, value: rate / alone, unit: 'ratio' };
  }
};

interface Trial {
  readonly reduced: boolean;
  readonly schedulers: number;
  readonly runs: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

async function ceilings({
  reduced,
  schedulers,
  runs,
  say,
  signal,
}: Trial): Promise<{ rates: number[]; limits: string }> {
  const environments = Array.from({ length: schedulers }, (_, n) => ({
    SCHEDULER_SHARDS: shardsOf(n, schedulers).join(),
  }));
  const rig = await startRig({
    intervalSeconds: INTERVAL_SECONDS,
    schedulers: environments,
    windowCaches: schedulers,
    say,
    signal,
  });
  try {
    const probers = await rig.startInstantProbers(PROBERS);
    const rates: number[] = [];
    let limits = '';
    for (let run = 1; run <= runs; run++) {
      const from = rates[0] ? rates[0] * 0.7 : 4000;
      const { rate, flow } = await findCeiling(rig, probers, {
        from,
        step: reduced ? 1.6 : 1.25,
        seconds: reduced ? 3 : 6,
        say,
      });
      rates.push(rate);
      limits = Object.entries(flow.share)
        .filter(([, share]) => share > 0.01)
        .map(([part, share]) => `${part} ${(share * cpus().length).toFixed(2)}`)
        .join(', ');
      limits = `processors used: ${limits}; all together ${percent(flow.busy)} busy`;
    }
    return { rates, limits };
  } finally {
    await rig.stop();
  }
}

/** Those that share a window cache: shard s uses number s mod n. */
function shardsOf(scheduler: number, schedulers: number): number[] {
  return Array.from({ length: SHARD_COUNT }, (_, shard) => shard).filter(
    (shard) => shard % schedulers === scheduler,
  );
}
